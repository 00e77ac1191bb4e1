package clock

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseSpec reads a shared virtual clock from START@ANCHORxSPEED: the virtual
// time START (RFC 3339) is that of the real instant ANCHOR (RFC 3339), and
// virtual time runs SPEED times as fast, for example
//
//	2026-03-03T14:55:00Z@2026-11-22T09:00:00Zx60
//
// Processes given the same text tell the same time. Before ANCHOR the clock
// stands at START.
func ParseSpec(spec string) (*Virtual, error) {
	head, speedText, ok := cutLast(spec, "x")
	startText, anchorText, ok2 := strings.Cut(head, "@")
	if !ok || !ok2 {
		return nil, fmt.Errorf("clock %q: want START@ANCHORxSPEED", spec)
	}
	start, err := time.Parse(time.RFC3339Nano, startText)
	if err != nil {
		return nil, fmt.Errorf("clock %q: start: %w", spec, err)
	}
	anchor, err := time.Parse(time.RFC3339Nano, anchorText)
	if err != nil {
		return nil, fmt.Errorf("clock %q: anchor: %w", spec, err)
	}
	speed, err := strconv.ParseFloat(speedText, 64)
	if err != nil {
		return nil, fmt.Errorf("clock %q: speed: %w", spec, err)
	}
	v, err := newVirtual(start, speed)
	if err != nil {
		return nil, fmt.Errorf("clock %q: %w", spec, err)
	}
	v.shared, v.wall = true, anchor.UTC()
	return v, nil
}

// Spec is the text from which ParseSpec makes a clock that tells the same
// time, as long as neither is paused or skipped.
func (v *Virtual) Spec() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.start.Format(time.RFC3339Nano) + "@" + v.wall.Format(time.RFC3339Nano) +
		"x" + strconv.FormatFloat(v.Speed(), 'f', -1, 64)
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
