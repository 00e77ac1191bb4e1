package app

// socketName is the socket through which the owner of the data directory asks
// a running server for what files alone may guard.
const socketName = "ops.sock"
