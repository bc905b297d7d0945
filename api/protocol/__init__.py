"""HTTP connections: what uvicorn leaves to a proxy, for servers that have none."""
