package cadence

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// The number policies that are written as one word.
const (
	numbersPrimary = "primary"
	numbersInOrder = "in_order"
)

// IsZero reports whether the policy is the default: the primary number only.
func (p NumberPolicy) IsZero() bool { return !p.InOrder && len(p.NextOn) == 0 }

// MarshalJSON writes "primary", "in_order" or {"next_on": […]}.
func (p NumberPolicy) MarshalJSON() ([]byte, error) {
	switch {
	case len(p.NextOn) > 0:
		return json.Marshal(map[string][]DispositionCode{"next_on": p.NextOn})
	case p.InOrder:
		return json.Marshal(numbersInOrder)
	default:
		return json.Marshal(numbersPrimary)
	}
}

// UnmarshalJSON reads what MarshalJSON writes and nothing else.
func (p *NumberPolicy) UnmarshalJSON(data []byte) error {
	var word string
	if err := json.Unmarshal(data, &word); err == nil {
		return p.fromWord(word)
	}
	var list struct {
		NextOn []DispositionCode `json:"next_on"`
	}
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&list); err != nil {
		return fmt.Errorf("numbers: want primary, in_order or next_on: %w", err)
	}
	if len(list.NextOn) == 0 {
		return fmt.Errorf("numbers: next_on names no disposition")
	}
	*p = NumberPolicy{NextOn: list.NextOn}
	return nil
}

func (p *NumberPolicy) fromWord(word string) error {
	switch word {
	case numbersPrimary:
		*p = NumberPolicy{}
	case numbersInOrder:
		*p = NumberPolicy{InOrder: true}
	default:
		return fmt.Errorf("numbers %q: want primary, in_order or {\"next_on\": […]}", clip(word))
	}
	return nil
}
