"""What operators see of a request: its log line, its metrics, its span."""
