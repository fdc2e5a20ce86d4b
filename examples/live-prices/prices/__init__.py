"""Live prices for every browser that asks: one application, three ways to send to many clients."""
