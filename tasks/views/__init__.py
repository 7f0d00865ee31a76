"""The pages of the tasks, by thing."""
