// Command mutants breaks the product on purpose, one line at a time, and
// checks that its proof notices. Each mutation of mutations.yaml is applied
// alone, without touching the tree (go test -overlay), and the layers of tests
// are run against it. A mutation that no layer catches means that the proof is
// decoration, and the command fails.
//
//	go run ./cmd/internal/mutants                 # all of them
//	go run ./cmd/internal/mutants -only re-post   # those whose name contains it
//	go run ./cmd/internal/mutants -all            # every layer of each, not only the first that notices
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"
)

func main() {
	only := flag.String("only", "", "run the mutations whose name contains this")
	jobs := flag.Int("jobs", 2, "mutations tried at once")
	all := flag.Bool("all", false, "run every layer, also after one has caught it")
	verbose := flag.Bool("v", false, "print the end of each failing test's output")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ok, err := run(ctx, *only, *jobs, *all, *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// run tries the mutations and prints the table and one summary line.
func run(ctx context.Context, only string, jobs int, all, verbose bool) (bool, error) {
	mutations, err := Load(only)
	if err != nil {
		return false, err
	}
	began := time.Now()
	results := make([]Result, len(mutations))
	work := make(chan int)
	var done sync.WaitGroup
	for range max(1, jobs) {
		done.Go(func() {
			for i := range work {
				results[i] = try(ctx, mutations[i], all)
				report(&results[i], verbose)
			}
		})
	}
	for _, i := range longestFirst(mutations) {
		work <- i
	}
	close(work)
	done.Wait()
	if err := ctx.Err(); err != nil {
		return false, err
	}
	return summarize(results, time.Since(began)), nil
}

// longestFirst is the order in which mutations are tried: those that no single
// test is known to notice take minutes, and none of them is to be the last.
func longestFirst(mutations []Mutation) (order []int) {
	for _, quick := range []bool{false, true} {
		for i := range mutations {
			if _, _, ok := mutations[i].first(); ok == quick {
				order = append(order, i)
			}
		}
	}
	return order
}

// report tells about one mutation as soon as it is known.
func report(r *Result, verbose bool) {
	fmt.Fprintf(os.Stderr, "%-44s %s\n", r.Mutation.Name, r.Verdict())
	if verbose || r.Err != nil {
		for _, l := range r.Layers {
			fmt.Fprintf(os.Stderr, "--- %s\n%s\n", l.Name, l.Tail)
		}
	}
}

// summarize prints a Markdown table and, last, one JSON line.
func summarize(results []Result, took time.Duration) bool {
	fmt.Println("| mutation | what it breaks | caught by | after |")
	fmt.Println("|---|---|---|---|")
	sum := struct {
		Mutants  int            `json:"mutants"`
		Caught   int            `json:"caught"`
		Survived []string       `json:"survived"`
		Broken   []string       `json:"broken"`
		ByLayer  map[string]int `json:"by_layer"`
		Seconds  float64        `json:"seconds"`
	}{Mutants: len(results), Survived: []string{}, Broken: []string{}, ByLayer: map[string]int{}, Seconds: took.Round(time.Second).Seconds()}
	for i := range results {
		r := &results[i]
		var by, after []string
		for _, l := range r.Layers {
			if l.Caught {
				by, after = append(by, l.Who()), append(after, fmt.Sprintf("%.1f s", l.Took.Seconds()))
				sum.ByLayer[l.Name]++
			}
		}
		switch {
		case r.Err != nil:
			sum.Broken = append(sum.Broken, r.Mutation.Name)
		case len(by) == 0:
			sum.Survived = append(sum.Survived, r.Mutation.Name)
			by, after = []string{"**nobody**"}, []string{"–"}
		default:
			sum.Caught++
		}
		fmt.Printf("| `%s` | %s | %s | %s |\n", r.Mutation.Name, r.Mutation.What, strings.Join(by, ", "), strings.Join(after, ", "))
	}
	line, _ := json.Marshal(sum)
	fmt.Println(string(line))
	return sum.Caught == sum.Mutants
}
