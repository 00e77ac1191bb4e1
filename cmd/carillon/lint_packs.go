package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/cmd/internal/packdiff"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// shippedPacks stands for the packs in the program, where a folder is asked for.
const shippedPacks = "shipped"

type packFlags struct {
	dir, at string
	diff    bool
	json    *bool
}

func (c *cli) lintPacks() *cobra.Command {
	var f packFlags
	cmd := &cobra.Command{
		Use:   "packs [--dir DIR] | packs --diff OLD NEW",
		Short: "Check rule packs, or say what a change of them does",
		Long: `Check the rule packs that ship with the program together with those of a folder:
unknown fields, contradictions, overlapping dates, zones that are none, reviews
that are overdue, each with file, line, field and remedy. The exit code is 1
when anything is wrong.

With --diff, judge 10,000 fixture leads under two whole sets, each a folder such
as configs/compliance or the word shipped, at the instant --at, and print whose
verdict changes and why.`,
		Example: "  carillon lint packs --dir /etc/carillon/compliance\n  carillon lint packs --diff shipped ./compliance --at 2026-08-11T09:00:00Z",
		Args:    cobra.MaximumNArgs(2),
	}
	cmd.Flags().StringVar(&f.dir, "dir", "", "folder of an operator's packs, as compliance.dir")
	cmd.Flags().BoolVar(&f.diff, "diff", false, "compare two sets of packs")
	cmd.Flags().StringVar(&f.at, "at", "", "instant of the calls and of the reviews, RFC 3339 (default: now)")
	f.json = jsonFlag(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		at, err := instant(f.at)
		if err != nil {
			return err
		}
		switch {
		case f.diff && len(args) == 2:
			return c.diffPacks(args[0], args[1], at, *f.json)
		case f.diff:
			return fmt.Errorf("--diff needs two sets: an old and a new folder, or the word %s", shippedPacks)
		case len(args) > 0:
			return fmt.Errorf("name the folder with --dir %s", args[0])
		}
		return c.checkPacks(f.dir, at, *f.json)
	}
	return cmd
}

// instant reads --at; empty is now.
func instant(text string) (time.Time, error) {
	if text == "" {
		return time.Now().UTC(), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("--at %q is no instant; write it like 2026-08-11T09:00:00Z", text)
	}
	return at, nil
}

func (c *cli) checkPacks(dir string, at time.Time, asJSON bool) error {
	set, problems := app.ReadPacks(dir)
	if set != nil {
		problems = set.Due(window.DayOf(at.UTC()))
	}
	switch {
	case asJSON:
		digest := ""
		if set != nil {
			digest = set.Digest().String()
		}
		if err := c.printJSON(map[string]any{"digest": digest, "problems": append(pack.Problems{}, problems...)}); err != nil {
			return err
		}
	case len(problems) == 0:
		rules := 0
		set.Rules(func(*pack.Rule, pack.Applies) { rules++ })
		c.print("%d rules, nothing wrong\ndigest %s", rules, set.Digest())
	default:
		for _, p := range problems {
			c.print("%s", p.Error())
		}
	}
	if len(problems) > 0 {
		return exitError{code: 1}
	}
	return nil
}

// wholeSet reads a folder as a set of its own.
func wholeSet(name string) (*pack.Set, error) {
	if name == shippedPacks {
		set, problems := app.ReadPacks("")
		return set, problems.Err()
	}
	set, problems := pack.Load(os.DirFS(name))
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("%s:\n  %s", name, strings.ReplaceAll(err.Error(), "\n", "\n  "))
	}
	return set, nil
}

func (c *cli) diffPacks(oldName, newName string, at time.Time, asJSON bool) error {
	old, err := wholeSet(oldName)
	if err != nil {
		return err
	}
	set, err := wholeSet(newName)
	if err != nil {
		return err
	}
	changes, err := packdiff.Diff(old, set, at)
	if err != nil {
		return err
	}
	if asJSON {
		return c.printJSON(map[string]any{"at": at.UTC(), "leads": packdiff.Leads, "changed": append([]packdiff.Change{}, changes...)})
	}
	c.print("%d of %d fixture leads change verdict at %s", len(changes), packdiff.Leads, at.UTC().Format(time.RFC3339))
	for _, g := range grouped(changes) {
		c.print("%6d  %s\n        was %s\n        is  %s\n        %s", len(g), describe(&g[0]), g[0].Was, g[0].Is, namesOf(g))
	}
	return nil
}

func describe(c *packdiff.Change) string {
	text := fmt.Sprintf("%s, %s, %s", strings.Join(c.Places, " "), c.Purpose, c.Voice)
	if len(c.Consent) > 0 {
		text += ", " + strings.Join(c.Consent, " ")
	}
	if c.Is.Title != "" {
		text += ": " + c.Is.Title
	}
	return text
}

// grouped puts changes of one kind together, the most frequent first.
func grouped(changes []packdiff.Change) [][]packdiff.Change {
	byKind := map[string][]packdiff.Change{}
	var order []string
	for i := range changes {
		ch := &changes[i]
		key := fmt.Sprint(ch.Places, ch.Purpose, ch.Voice, ch.Consent, ch.Was, ch.Is)
		if byKind[key] == nil {
			order = append(order, key)
		}
		byKind[key] = append(byKind[key], *ch)
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(len(byKind[b]), len(byKind[a])) })
	out := make([][]packdiff.Change, len(order))
	for i, key := range order {
		out[i] = byKind[key]
	}
	return out
}

// namesOf lists the leads of a group.
func namesOf(g []packdiff.Change) string {
	names := make([]string, len(g))
	for i := range g {
		names[i] = strings.TrimPrefix(g[i].Lead, "Lead ")
	}
	return "leads " + strings.Join(names, " ")
}
