// Package badger is the embedded ledger: one directory, one process, one
// Badger store with synced commits.
//
// On disk, under Options.Dir:
//
//	ledger.json   the marker: format version, ledger id, when it was made
//	lock, pid     whose process has the directory
//	high-water    what was durable, told by someone other than Badger
//	ballast       space to give back when the disk is full (optional)
//	db/           Badger's own files
//
// Keys inside Badger begin with one byte that the caller never sees: 's' is
// the caller's state, 'G' the log (shard, position, part), 'm' the ledger's
// own rows (its id, and per shard how far the log was trimmed). Every value
// ends in a CRC-32C over key and value: damage is reported as damage, never as
// a wrong value or a missing key.
//
// One goroutine commits. It joins the finished write sets of all shards into
// one synced transaction, because Badger syncs once per transaction and one
// sync is what a commit costs. Badger treats a damaged write-ahead log as a
// torn tail and opens without a word; the high-water file is there to notice.
package badger
