// Package app puts the product together: it opens the ledger, makes the
// carrier's client, starts the engine and the two listeners, and stops them in
// order. Nothing here decides anything about calls.
package app
