"""The server under test: a listener, one session per connection, one stream for all of them."""
