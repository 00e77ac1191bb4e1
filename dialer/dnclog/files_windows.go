package dnclog

// lockFile is what is locked for a log: a file of its own, because Windows lets
// nobody else read what a lock covers.
func lockFile(path string) string { return path + ".lock" }

// syncDir has nothing to do: Windows has no sync of directories, NTFS keeps
// names in its journal.
func syncDir(string) error { return nil }
