package configs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
)

// MaxFileBytes bounds a configuration file.
const MaxFileBytes = 1 << 20

// Load reads the file (none when its name is empty) over the defaults, then
// the environment over the file; flags go over both with Set. env is in the
// form of os.Environ. The result is not validated: a flag may still mend it.
// No error quotes the file: it may hold secrets.
func Load(file string, env []string) (Config, error) {
	c := Default()
	if file != "" {
		if err := c.read(file); err != nil {
			return Config{}, err
		}
	}
	var errs []error
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		for i := range settings {
			if s := &settings[i]; s.env() == name {
				if err := s.set(&c, value); err != nil {
					errs = append(errs, fmt.Errorf("%s: %w", name, err))
				}
			}
		}
	}
	return c, errors.Join(errs...)
}

func (c *Config) read(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("config: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
	switch {
	case err != nil:
		return fmt.Errorf("config: %w", err)
	case len(data) > MaxFileBytes:
		return fmt.Errorf("config: %s is larger than 1 MiB", file)
	}
	return c.parse(file, data)
}

func (c *Config) parse(file string, data []byte) error {
	err := yaml.UnmarshalWithOptions(data, c, yaml.Strict(), yaml.DisallowUnknownField())
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	var at yaml.Error
	if !errors.As(err, &at) {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return fmt.Errorf("config: %s: %s", file, first)
	}
	line := 0
	if t := at.GetToken(); t != nil && t.Position != nil {
		line = t.Position.Line
	}
	return fmt.Errorf("config: %s:%d: %s", file, line, at.GetMessage())
}

// String is the configuration as YAML, secrets redacted.
func (c Config) String() string {
	out, err := yaml.Marshal(c)
	if err != nil {
		return "config: " + err.Error()
	}
	return string(out)
}
