package app

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
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
	var check string
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		name, text, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		key, err := hex.DecodeString(text)
		switch {
		case name == "" || strings.HasPrefix(name, "#"):
		case name == "check":
			check = text
		case err != nil || len(key) != keyBytes:
			return Keys{}, fmt.Errorf("%s: the key %q is damaged; put the file back from a backup", file, name)
		case name == "hook":
			k.Hook = key
		case name == "number":
			k.Number = key
		default:
			return Keys{}, fmt.Errorf("%s: there is no key %q; the file is damaged, put it back from a backup", file, name)
		}
	}
	if k.Hook == nil || k.Number == nil {
		return Keys{}, fmt.Errorf("%s does not hold both keys; put the file back from a backup", file)
	}
	if check != "" && check != k.check() {
		return Keys{}, fmt.Errorf("%s is damaged: its keys do not match their check; put the file back from a backup", file)
	}
	return k, nil
}

// check is what shows a changed digit of either key. A file of the first form
// has none; then the ledger's own print of the number key tells.
func (k Keys) check() string {
	sum := sha256.Sum256(append(append([]byte("carillon keys "), k.Hook...), k.Number...))
	return hex.EncodeToString(sum[:8])
}

// Print names the number key without telling it.
func (k Keys) Print() string {
	m := hmac.New(sha256.New, k.Number)
	m.Write([]byte("carillon number key"))
	return hex.EncodeToString(m.Sum(nil)[:8])
}

// makeKeys draws both keys and returns once they are on disk.
func makeKeys(file string) (Keys, error) {
	k := Keys{Hook: make([]byte, keyBytes), Number: make([]byte, keyBytes)}
	rand.Read(k.Hook) // never fails
	rand.Read(k.Number)
	text := fmt.Sprintf("# The keys of this data directory. Keep them secret, and with every backup of it.\nhook %x\nnumber %x\ncheck %s\n", k.Hook, k.Number, k.check())
	crash.Point(crash.KeysBeforeWrite)
	if err := durable.Write(file, []byte(text)); err != nil {
		return Keys{}, fmt.Errorf("keys: %w", err)
	}
	crash.Point(crash.KeysAfterWrite)
	return k, nil
}
