package cadence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// ChangeKind is what happened to a part of a document.
type ChangeKind string

// The kinds of change. Moved is a step whose place among the others changed.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
	Moved   ChangeKind = "moved"
)

// Change is one difference between two documents. Step is the key of the step
// it is in, empty for the cadence itself; Path is the JSON path inside that
// step or the document, empty for a whole step. From and To are JSON, empty
// where there is none; of a moved step, its places counted from 1.
type Change struct {
	Kind ChangeKind `json:"kind"`
	Step string     `json:"step,omitempty"`
	Path string     `json:"path,omitempty"`
	From string     `json:"from,omitempty"`
	To   string     `json:"to,omitempty"`
}

// Diff lists what changed from a to b: first the cadence, then removed steps,
// then b's steps in order. Steps are matched by key; texts that mean the same,
// such as a default written out, are no change.
func Diff(a, b *Document) []Change {
	a, b = Normalize(a), Normalize(b)
	headA, headB := *a, *b
	headA.Steps, headB.Steps = nil, nil
	changes := compare("", jsonOf(headA), jsonOf(headB))
	for _, s := range a.Steps {
		if b.StepIndex(s.Key) < 0 {
			changes = append(changes, Change{Kind: Removed, Step: s.Key, From: text(jsonOf(s))})
		}
	}
	order := keptOrder(a, b)
	for i, s := range b.Steps {
		j := a.StepIndex(s.Key)
		if j < 0 {
			changes = append(changes, Change{Kind: Added, Step: s.Key, To: text(jsonOf(s))})
			continue
		}
		if !order[s.Key] {
			changes = append(changes, Change{Kind: Moved, Step: s.Key, From: fmt.Sprint(j + 1), To: fmt.Sprint(i + 1)})
		}
		changes = append(changes, compare(s.Key, jsonOf(a.Steps[j]), jsonOf(s))...)
	}
	return changes
}

// keptOrder names the steps of a longest run of common steps that stand in the
// same order in both; the other common steps are the ones that moved.
func keptOrder(a, b *Document) map[string]bool {
	var places []int // in a, of b's steps that a has
	var keys []string
	for _, s := range b.Steps {
		if j := a.StepIndex(s.Key); j >= 0 {
			places, keys = append(places, j), append(keys, s.Key)
		}
	}
	length, before := make([]int, len(places)), make([]int, len(places))
	best := -1
	for i := range places {
		length[i], before[i] = 1, -1
		for j := range i {
			if places[j] < places[i] && length[j]+1 > length[i] {
				length[i], before[i] = length[j]+1, j
			}
		}
		if best < 0 || length[i] > length[best] {
			best = i
		}
	}
	kept := map[string]bool{}
	for ; best >= 0; best = before[best] {
		kept[keys[best]] = true
	}
	return kept
}

// compare lists the differences between two JSON values of one step, or of the
// document. Members are compared one by one, lists item by item.
func compare(step string, a, b any) []Change {
	var changes []Change
	var walk func(path string, a, b any)
	walk = func(path string, a, b any) {
		mapA, okA := a.(map[string]any)
		mapB, okB := b.(map[string]any)
		listA, isListA := a.([]any)
		listB, isListB := b.([]any)
		switch {
		case okA && okB:
			keys := sortedKeys(mapA)
			for key := range mapB {
				if _, both := mapA[key]; !both {
					keys = append(keys, key)
				}
			}
			slices.Sort(keys)
			for _, key := range keys {
				walk(under(path, key), mapA[key], mapB[key])
			}
		case isListA && isListB:
			for i := range max(len(listA), len(listB)) {
				walk(at(path, i), item(listA, i), item(listB, i))
			}
		case text(a) != text(b):
			changes = append(changes, Change{Kind: kindOf(a, b), Step: step, Path: path, From: text(a), To: text(b)})
		}
	}
	walk("", a, b)
	return changes
}

func kindOf(a, b any) ChangeKind {
	switch {
	case a == nil:
		return Added
	case b == nil:
		return Removed
	}
	return Changed
}

func item(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}

// jsonOf is the generic form of a part of a document.
func jsonOf(part any) any {
	data, err := json.Marshal(part)
	if err != nil {
		panic(fmt.Sprintf("BUG: write a part of a cadence as JSON: %v", err))
	}
	var generic any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&generic); err != nil {
		panic(fmt.Sprintf("BUG: read back a part of a cadence: %v", err))
	}
	return generic
}

// text is a generic value as JSON, with keys in order; "" for none.
func text(v any) string {
	if v == nil {
		return ""
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("BUG: write a part of a cadence as JSON: %v", err))
	}
	return string(bytes.TrimSpace(out.Bytes()))
}
