package twilio

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a credential. Whatever prints it, prints that it is set and
// nothing more.
type Secret string

const redacted = "[redacted]"

// String implements fmt.Stringer without the value.
func (s Secret) String() string {
	if s == "" {
		return "[not set]"
	}
	return redacted
}

// Format implements fmt.Formatter: no verb prints the value.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText keeps the value out of JSON, YAML and other encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue keeps the value out of structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
