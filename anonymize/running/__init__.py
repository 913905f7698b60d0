"""What a run consists of: pages on their way through the steps, gates, output, and what is told afterwards."""
