// Wiregen writes the code that turns facts, rows and permits into CBOR and
// back, from the tags of their structs. It runs as
//
//	go generate ./dialer
//
// and reads sources as text, so that it also runs while the code it is to
// write is missing or stale.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

const module = "github.com/carillon-dialer/carillon/"

// target is a package whose tagged structs get methods.
type target struct {
	dir   string // from the root
	reads bool   // rows and facts are read in every turn, permits rarely
}

var targets = []target{{"dialer/event", true}, {"dialer/state", true}, {"dialer", false}}

// generated is the name of the file in each target.
const generated = "cbor_generated.go"

func main() {
	if err := run(".."); err != nil {
		fmt.Fprintln(os.Stderr, "wiregen:", err)
		os.Exit(1)
	}
}

// run works from the root of the repository.
func run(root string) error {
	for _, t := range targets {
		code, err := generate(root, t)
		if err != nil {
			return fmt.Errorf("%s: %w", t.dir, err)
		}
		if err := os.WriteFile(filepath.Join(root, t.dir, generated), code, 0o644); err != nil { //nolint:gosec // source code
			return err
		}
	}
	return nil
}
