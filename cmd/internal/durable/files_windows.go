package durable

// hold does nothing: a lock on Windows would keep the draft's own writer out.
func hold(string) (release func()) { return func() {} }

// held is not known.
func held(string) bool { return true }

// SyncDir has nothing to do: Windows has no sync of directories, NTFS keeps
// names in its journal.
func SyncDir(string) error { return nil }
