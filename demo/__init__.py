"""The demonstration: a plainly invented council, its mail, and mail servers of our own to show the product on."""
