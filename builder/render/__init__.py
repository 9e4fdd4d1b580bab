"""Pictures: triangles in, colors and truth out.

`stage` holds what can be drawn (mesh, textures, materials, lights); `relief` lifts a photograph.
Everything is in the scene's frame: metres, +x right, +y down, +z forward.
"""
