package memory

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"sort"
	"testing"

	"pgregory.net/rapid"
)

// TestTreeAgainstMap drives the tree with random keys against a plain map,
// with versions taken on the way that must never change afterwards.
func TestTreeAgainstMap(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var tr tree
		model := map[string]string{}
		type version struct {
			tree  tree
			model map[string]string
		}
		var versions []version
		span := rapid.SampledFrom([]int{40, 600, 5000}).Draw(rt, "span")
		rising := rapid.Bool().Draw(rt, "rising")
		ragged := rapid.Bool().Draw(rt, "ragged")
		steps := rapid.IntRange(1, 40).Draw(rt, "steps")
		next := 0
		for s := range steps {
			n := rapid.IntRange(1, 400).Draw(rt, "n")
			remove := rapid.IntRange(0, 3).Draw(rt, "kind") == 0
			at := rapid.IntRange(0, span).Draw(rt, "at")
			for i := range n {
				k := fmt.Sprintf("%05d", (at+i*37)%span)
				if ragged {
					k = ragKey((at + i*37) % span)
				} else if rising && !remove {
					k = fmt.Sprintf("r%07d", next)
					next++
				} else if rising {
					k = fmt.Sprintf("r%07d", max(next-n+i-at%7*n, 0))
				}
				if remove {
					_, had := model[k]
					if tr.remove([]byte(k)) != had {
						rt.Fatalf("remove %s: had %v", k, had)
					}
					delete(model, k)
				} else {
					v := fmt.Sprintf("%d/%d", s, i)
					tr.put(newEntry([]byte(k), []byte(v)))
					model[k] = v
				}
			}
			if rapid.IntRange(0, 4).Draw(rt, "share") == 0 {
				tr.share()
				versions = append(versions, version{tr, maps.Clone(model)})
			}
		}
		compare(rt, &tr, model)
		for i := range versions {
			compare(rt, &versions[i].tree, versions[i].model)
		}
	})
}

// ragKey gives keys that are prefixes of each other, hold zeros and share long
// beginnings.
func ragKey(n int) string {
	k := "common prefix"[:n%14]
	for ; n > 0; n /= 3 {
		k += string([]byte{[]byte{0, 1, 255}[n%3]})
	}
	return k
}

func compare(rt *rapid.T, tr *tree, model map[string]string) {
	if tr.keys != len(model) {
		rt.Fatalf("tree counts %d keys, model %d", tr.keys, len(model))
	}
	keys := make([]string, 0, len(model))
	for k, v := range model {
		keys = append(keys, k)
		if got, ok := tr.get([]byte(k)); !ok || string(got) != v {
			rt.Fatalf("get %s: %q %v, want %q", k, got, ok, v)
		}
	}
	sort.Strings(keys)
	from, to := 0, len(keys)
	if len(keys) > 2 {
		from, to = len(keys)/3, len(keys)*2/3
	}
	var lo, hi []byte
	if to < len(keys) {
		lo, hi = []byte(keys[from]), []byte(keys[to])
	}
	var up, down []string
	v := &view{tree: *tr}
	_ = v.ScanKeys(lo, hi, func(k []byte) bool { up = append(up, string(k)); return true })
	_ = v.ScanBack(lo, hi, func(k, _ []byte) bool { down = append(down, string(k)); return true })
	want := keys[from:to]
	if !slices.Equal(up, want) {
		rt.Fatalf("ascending gave %d keys, want %d", len(up), len(want))
	}
	slices.Reverse(down)
	if !slices.Equal(down, want) {
		rt.Fatalf("descending gave %d keys, want %d", len(down), len(want))
	}
	checkShape(rt, tr.root, nil, nil)
}

// checkShape verifies bounds, order and sizes of every node.
func checkShape(rt *rapid.T, n *node, lo, hi []byte) {
	if n == nil {
		return
	}
	if n.size() == 0 || n.size() > fanout {
		rt.Fatalf("node of %d", n.size())
	}
	if n.leaf() {
		for i := range n.entries {
			k := n.entries[i].key()
			if bytes.Compare(k, lo) < 0 || hi != nil && bytes.Compare(k, hi) >= 0 {
				rt.Fatalf("key %q outside [%q, %q)", k, lo, hi)
			}
		}
		return
	}
	if len(n.seps) != len(n.kids)-1 {
		rt.Fatalf("%d separators for %d children", len(n.seps), len(n.kids))
	}
	for i, kid := range n.kids {
		l, h := lo, hi
		if i > 0 {
			l = n.seps[i-1]
		}
		if i < len(n.seps) {
			h = n.seps[i]
		}
		checkShape(rt, kid, l, h)
	}
}
