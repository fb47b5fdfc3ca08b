"""How a configuration is written: shares of what follows good practice, with the best and the worst examples."""
