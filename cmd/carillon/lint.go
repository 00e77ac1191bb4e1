package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/routing"
)

// linted is what was found in one file.
type linted struct {
	File     string            `json:"file"`
	Problems []cadence.Problem `json:"problems"`
}

func (c *cli) lint() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lint FILE…",
		Short: "Check cadence documents without a server",
		Long: `Check documents: everything that is wrong with them, with place and remedy, and
what can never work or is unlikely to be meant. Caller-ID pools and media are
not looked up; transitions are, among the files given. The exit code is 1 when
anything is an error.

With --twilio the carrier is asked about the configured caller IDs: one whose
calls do not come here is an error at every step that may be called from it,
since nobody who calls back could say no.`,
		Example: "  carillon lint cadence.json\n  carillon lint *.json --json\n  carillon lint cadence.json --twilio --config carillon.yaml",
		Args:    cobra.MinimumNArgs(1),
	}
	cmd.AddCommand(c.lintPacks())
	asJSON := jsonFlag(cmd)
	ask := cmd.Flags().Bool("twilio", false, "ask the carrier where calls to the caller IDs go")
	var config string
	configFlags(cmd, &config)
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		var where func(cadence.CallerID) (elsewhere, notOwned []cadence.Number)
		if *ask {
			c, err := loadConfig(cmd, config)
			if err != nil {
				return err
			}
			if where, err = answers(cmd.Context(), &c); err != nil {
				return err
			}
		}
		found, err := lintFiles(files, where)
		if err != nil {
			return err
		}
		bad := 0
		for _, f := range found {
			for _, p := range f.Problems {
				if p.Severity == cadence.SeverityError {
					bad++
				}
				if !*asJSON {
					c.print("%s:%d: %s: %s", f.File, p.Line, p.Severity, explainProblem(p))
				}
			}
			if len(f.Problems) == 0 && !*asJSON {
				c.print("%s: nothing wrong", f.File)
			}
		}
		if *asJSON {
			if err := c.printJSON(found); err != nil {
				return err
			}
		}
		if bad > 0 {
			return exitError{code: 1}
		}
		return nil
	}
	return cmd
}

func explainProblem(p cadence.Problem) string {
	said := p.Message
	if p.Path != "" {
		said = p.Path + ": " + said
	}
	if p.Remedy != "" {
		said += "; " + p.Remedy
	}
	return said
}

// lintFiles checks all files, each knowing of the others. astray may be nil.
func lintFiles(files []string, astray func(cadence.CallerID) (elsewhere, notOwned []cadence.Number)) ([]linted, error) {
	set, err := routing.ParseDispositions(configs.Dispositions())
	if err != nil {
		return nil, err
	}
	texts, byName := make([][]byte, len(files)), map[string]*cadence.Document{}
	for i, file := range files {
		if texts[i], err = os.ReadFile(file); err != nil {
			return nil, fmt.Errorf("lint: %w", err)
		}
		if doc, _ := cadence.Parse(texts[i]); doc != nil {
			byName[doc.Name] = doc
		}
	}
	lookup := func(name string) (*cadence.Document, bool) { d, ok := byName[name]; return d, ok }
	known := offline(set)
	known.Astray = astray
	packs, wrong := app.ReadPacks("")
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	known.Law = dialer.LawNotes(packs, &dialer.Rules{Countries: known.Countries}, window.DayOf(time.Now().UTC()))
	found := make([]linted, len(files))
	for i, file := range files {
		_, problems := cadence.Check(texts[i], known, lookup)
		found[i] = linted{file, append([]cadence.Problem{}, problems...)}
	}
	return found, nil
}

// offline is what is known without a server: the shipped dispositions.
func offline(set *routing.Set) cadence.Known {
	k := set.ForDocuments()
	k.Countries = configs.Default().Dial.Countries
	return k
}
