"""What runs in a world model's own interpreter; nothing here imports `builder`.

The two upstreams pin packages that exclude each other and ours, so each is a process of its own
that is spoken to in lines of JSON (docs/teachers.md). Python 3.10 must do.
"""
