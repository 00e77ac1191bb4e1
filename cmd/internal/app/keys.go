package app

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/carillon-dialer/carillon/cadence/crash"
	"github.com/carillon-dialer/carillon/cmd/internal/durable"
)

// keyBytes is the length of a key: that of the hash it keys.
const keyBytes = 32

// Keys are made once, with the data directory, and travel with its backups.
// Hook signs the paths of webhooks. Number makes the tokens that stand for
// telephone numbers in the ledger: without it nobody there is found again.
type Keys struct {
	Hook   []byte
	Number []byte
}

// loadKeys reads the key file of a data directory. made says that a ledger is
// there already, whose key file may be missing no more.
func loadKeys(file string, made bool) (Keys, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if made {
			return Keys{}, fmt.Errorf("%s is missing: put it back from a backup; without it the ledger beside it cannot be read", file)
		}
		return makeKeys(file)
	}
	if err != nil {
		return Keys{}, fmt.Errorf("keys: %w", err)
	}
	return parseKeys(file, data)
}

func parseKeys(file string, data []byte) (Keys, error) {
	var k Keys
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		name, text, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		key, err := hex.DecodeString(text)
		switch {
		case name == "" || strings.HasPrefix(name, "#"):
		case err != nil || len(key) != keyBytes:
			return Keys{}, fmt.Errorf("%s: the key %q is damaged; put the file back from a backup", file, name)
		case name == "hook":
			k.Hook = key
		case name == "number":
			k.Number = key
		}
	}
	if k.Hook == nil || k.Number == nil {
		return Keys{}, fmt.Errorf("%s does not hold both keys; put the file back from a backup", file)
	}
	return k, nil
}

// makeKeys draws both keys and returns once they are on disk.
func makeKeys(file string) (Keys, error) {
	k := Keys{Hook: make([]byte, keyBytes), Number: make([]byte, keyBytes)}
	rand.Read(k.Hook) // never fails
	rand.Read(k.Number)
	text := fmt.Sprintf("# The keys of this data directory. Keep them secret, and with every backup of it.\nhook %x\nnumber %x\n", k.Hook, k.Number)
	crash.Point(crash.KeysBeforeWrite)
	if err := durable.Write(file, []byte(text)); err != nil {
		return Keys{}, fmt.Errorf("keys: %w", err)
	}
	crash.Point(crash.KeysAfterWrite)
	return k, nil
}
