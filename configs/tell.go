package configs

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// Told is one key as it stands.
type Told struct {
	Key     string
	Value   string // as the file would have it; of a secret only whether it is set
	Default bool
	Env     string // the variable that sets it
	About   string // what default.yaml says of it
}

// Tell lists every key in the order of the file, without a secret.
func (c *Config) Tell() ([]Told, error) {
	values, err := flat(c)
	if err != nil {
		return nil, err
	}
	d := Default()
	defaults, err := flat(&d)
	if err != nil {
		return nil, err
	}
	about := comments(string(DefaultFile()))
	out := make([]Told, len(settings))
	for i := range settings {
		key := settings[i].key
		out[i] = Told{key, values[key], values[key] == defaults[key], settings[i].env(), about[key]}
	}
	return out, nil
}

// flat writes a configuration down and reads it back as texts by dotted keys.
func flat(c *Config) (map[string]string, error) {
	data, err := yaml.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("write the configuration down: %w", err)
	}
	var tree map[string]any
	if err := yaml.Unmarshal(data, &tree); err != nil {
		return nil, fmt.Errorf("read the configuration back: %w", err)
	}
	out := map[string]string{}
	for i := range settings {
		var at any = tree
		for part := range strings.SplitSeq(settings[i].key, ".") {
			m, _ := at.(map[string]any)
			at = m[part]
		}
		if out[settings[i].key], err = inline(at); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func inline(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []any:
		if len(v) == 0 {
			return "", nil
		}
	}
	text, err := yaml.MarshalWithOptions(v, yaml.Flow(true))
	if err != nil {
		return "", fmt.Errorf("write the configuration down: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// comments are the words above each key of a file that is indented by two.
func comments(file string) map[string]string {
	out := map[string]string{}
	var path, said []string
	for line := range strings.Lines(file) {
		text := strings.TrimSpace(line)
		key, _, keyed := strings.Cut(text, ":")
		switch {
		case text == "":
			said = nil
		case strings.HasPrefix(text, "#"):
			said = append(said, strings.TrimSpace(strings.TrimPrefix(text, "#")))
		case keyed:
			depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
			path = append(path[:min(depth, len(path))], key)
			out[strings.Join(path, ".")] = strings.Join(said, " ")
			said = nil
		}
	}
	return out
}
