package main

import (
	"cmp"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/configs"
)

// keyVariable holds an API key for the verbs that talk to a server.
const keyVariable = "CARILLON_KEY"

// keyFor is the key to send to a server: the flag's, the environment's, or the
// operator's, when the server is on this computer and its key file can be
// read here. "" is none, which a server without sign-in takes.
func keyFor(server, flag, file string) (string, error) {
	if key := cmp.Or(flag, os.Getenv(keyVariable)); key != "" {
		return key, nil
	}
	u, err := url.Parse(server)
	if err != nil || !configs.Loopback(u.Hostname()) {
		if file != "" {
			return "", errors.New("--key-file is the key of a server on this computer; send another one an API key (--key)")
		}
		return "", nil
	}
	asked := file != ""
	if !asked {
		file = filepath.Join(cmp.Or(os.Getenv("CARILLON_DATA_DIR"), configs.DefaultDataDir), app.OperatorKeyFile)
	}
	raw, err := os.ReadFile(file) //nolint:gosec // the operator names their own file
	if err != nil {
		if !asked && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)) {
			return "", nil // the server says what it wants
		}
		return "", err
	}
	return strings.TrimSpace(string(raw)), nil
}
