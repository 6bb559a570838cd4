"""Charts (PNG) and pages (PDF) that go with a digest."""
