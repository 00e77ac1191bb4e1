// Package sample makes leads that nobody can be: numbers 555-0100 to 555-0189
// of real area codes, reserved for fiction and dialed only by the simulated
// carrier.
package sample

import (
	"bufio"
	"fmt"
	"io"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
)

const (
	// linesPerCode is how many of an area code's hundred fictional numbers are
	// leads; the last ten are for callers and desks.
	linesPerCode = 90
	firstLine    = 100
	ownLine      = 190
)

// Desk is the number of the simulated desk in the shipped cadence. No lead
// has it.
const Desk = cadence.Number("+13035550100")

// AreaCodes are the area codes that sample leads have.
func AreaCodes() []int { return areaCodes() }

// areaCodes are the area codes of the United States that lie in one zone, in
// an order that mixes the zones.
func areaCodes() []int {
	byZone, zones := map[string][]int{}, []string(nil)
	for code := 201; code <= 989; code++ {
		at, region, why := window.Candidates(string(number(code, firstLine)))
		if region != "US" || why != "" || len(at) != 1 {
			continue
		}
		zone := at[0].String()
		if byZone[zone] == nil {
			zones = append(zones, zone)
		}
		byZone[zone] = append(byZone[zone], code)
	}
	var mixed []int
	for left := true; left; {
		left = false
		for _, zone := range zones {
			if codes := byZone[zone]; len(codes) > 0 {
				mixed, byZone[zone], left = append(mixed, codes[0]), codes[1:], true
			}
		}
	}
	return mixed
}

func number(code, line int) cadence.Number {
	return cadence.Number(fmt.Sprintf("+1%03d5550%03d", code, line))
}

// MaxLeads is how many sample leads there can be.
func MaxLeads() int { return len(areaCodes())*linesPerCode - 1 }

// Numbers are the first n numbers of sample leads, each once.
func Numbers(n int) ([]cadence.Number, error) {
	codes := areaCodes()
	out := make([]cadence.Number, 0, n)
	for line := firstLine; line < firstLine+linesPerCode; line++ {
		for _, code := range codes {
			if len(out) == n {
				return out, nil
			}
			if at := number(code, line); at != Desk {
				out = append(out, at)
			}
		}
	}
	if len(out) < n {
		return nil, fmt.Errorf("%d sample leads, at most %d: there are no more fictional numbers", n, len(out))
	}
	return out, nil
}

// CallerIDs are n numbers to call from, none of which is a lead's.
func CallerIDs(n int) []cadence.Number {
	var out []cadence.Number
	for _, code := range areaCodes() {
		if len(out) == n {
			break
		}
		out = append(out, number(code, ownLine))
	}
	return out
}

// Seller is who sample leads have agreed to be called for.
const Seller = "Sample Seller"

// WriteCSV writes n sample leads as a list any CRM could have exported.
func WriteCSV(w io.Writer, n int) error {
	numbers, err := Numbers(n)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, "external_id,name,first_name,last_name,phone,consent_kind,consent_at,consent_source,consent_seller,consent_proof")
	for i, number := range numbers {
		fmt.Fprintf(out, "sample-%05d,Lead %05d,Lead,%05d,%s,express_written,2026-01-05,sample form,%s,form %05d\n", i+1, i+1, i+1, number, Seller, i+1)
	}
	return out.Flush()
}
