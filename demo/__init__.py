"""Sampleshire, a plainly invented council with its register and its mail: for the demo, for training, for tests."""
