// Package memory is a ledger in the memory of one process: simulations,
// forecasts and tests run on it. It keeps the same promises as a durable
// ledger except the one that memory cannot keep, and the same limits.
//
// State is a B+ tree changed in place by commits. A reader marks the tree as
// seen while it reads; the next commit then copies the nodes it touches
// instead of changing them, so readers never wait for one another, see one
// consistent state, and cost nothing when nobody writes meanwhile.
package memory
