// Package configs is what an operator sets before the process starts: the
// keys, their defaults, where they are read from and what is wrong with them.
// It also carries the data that ships inside the binary: the default file, the
// dispositions, the rule packs and the cadence templates. Only cmd imports it and hands parts
// of it down.
package configs

import (
	"embed"
	"io/fs"
)

// Files is the shipped data, rooted here.
//
//go:embed default.yaml dispositions.yaml templates compliance
var Files embed.FS

// Template is the document of a shipped cadence, by its file name without
// ".json".
func Template(name string) ([]byte, error) { return Files.ReadFile("templates/" + name + ".json") }

// Dispositions is the shipped set of dispositions, as YAML.
func Dispositions() []byte { return must("dispositions.yaml") }

// RulePacks are the shipped rule packs, rooted at their folder.
func RulePacks() fs.FS {
	folder, err := fs.Sub(Files, "compliance")
	if err != nil {
		panic("BUG: the shipped rule packs are not in the binary: " + err.Error())
	}
	return folder
}

// DefaultFile is default.yaml: every key with its default and what it means.
func DefaultFile() []byte { return must("default.yaml") }

func must(name string) []byte {
	data, err := Files.ReadFile(name)
	if err != nil {
		panic("BUG: a shipped file is not in the binary: " + err.Error())
	}
	return data
}
