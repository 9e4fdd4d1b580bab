"""The order of things: places in, rollouts, candidates, a balanced choice, checked records out."""
