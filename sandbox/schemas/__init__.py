"""What the programming interface of the sandbox is asked and answers."""
