package durable

import (
	"os"
	"path/filepath"
	"regexp"
)

// draftOf names the draft of a file: os.CreateTemp puts digits in place of the
// star. It ends so that nobody names a file of theirs like it.
func draftOf(file string) string { return filepath.Base(file) + ".*.draft" }

var draftNames = regexp.MustCompile(`.\.[0-9]+\.draft$`)

// Abandoned lists the drafts in a directory that nobody is writing: those of
// processes that were killed. Where a file system has no locks it finds none.
func Abandoned(dir string) (drafts []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		file := filepath.Join(dir, e.Name())
		if e.Type().IsRegular() && draftNames.MatchString(e.Name()) && !held(file) {
			drafts = append(drafts, file)
		}
	}
	return drafts, nil
}
