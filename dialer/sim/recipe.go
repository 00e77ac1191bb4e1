package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/dialer"
)

// Recipe writes down what of the options a failing run is made smaller in. With
// the same rest, Read makes the same world of it.
func (o *Options) Recipe() string {
	parts := []string{
		fmt.Sprintf("seed=%d", o.Seed), fmt.Sprintf("leads=%d", o.Leads), fmt.Sprintf("waves=%d", o.Waves),
		"faulty=" + o.Faulty.String(), "limit=" + o.Limit.String(), fmt.Sprintf("shards=%d", o.Shards),
	}
	if o.Horizon > 0 {
		parts = append(parts, fmt.Sprintf("horizon=%d", o.Horizon))
	}
	if len(o.Mute) > 0 {
		parts = append(parts, "mute="+strings.Join(o.Mute, ","))
	}
	if o.Abandon {
		parts = append(parts, fmt.Sprintf("abandon=%s", counted[o.Late]))
	}
	if o.CrashAt > 0 {
		parts = append(parts, fmt.Sprintf("crash=%d,%v", o.CrashAt, o.CrashLanded))
	}
	var odds []string
	for _, f := range o.Faults.all() {
		if *f.odds > 0 {
			odds = append(odds, f.name+":"+strconv.FormatFloat(*f.odds, 'g', -1, 64))
		}
	}
	switch {
	case o.Faults == Chaos():
		parts = append(parts, "faults=chaos")
	case len(odds) > 0:
		parts = append(parts, "faults="+strings.Join(odds, ","))
	}
	return strings.Join(parts, " ")
}

// counted says whether calls put through too late count as abandoned.
var counted = map[dialer.Late]string{false: "unheard", true: "late"}

// Read takes a recipe. What the recipe does not name is set to nothing; the
// options it says nothing of stay as they are.
func (o *Options) Read(recipe string) error {
	o.Horizon, o.Mute, o.Faults, o.CrashAt, o.Waves, o.Shards = 0, nil, Faults{}, 0, 0, 0
	o.Abandon, o.Late = false, false
	for part := range strings.FieldsSeq(recipe) {
		key, value, _ := strings.Cut(part, "=")
		if err := o.set(key, value); err != nil {
			return fmt.Errorf("recipe: %s: %w", part, err)
		}
	}
	return nil
}

func (o *Options) set(key, value string) (err error) {
	switch key {
	case "seed":
		o.Seed, err = strconv.ParseUint(value, 10, 64)
	case "leads":
		o.Leads, err = strconv.Atoi(value)
	case "waves":
		o.Waves, err = strconv.Atoi(value)
	case "shards":
		o.Shards, err = strconv.Atoi(value)
	case "horizon":
		o.Horizon, err = strconv.Atoi(value)
	case "faulty":
		o.Faulty, err = time.ParseDuration(value)
	case "limit":
		o.Limit, err = time.ParseDuration(value)
	case "mute":
		o.Mute = strings.Split(value, ",")
	case "abandon":
		if value != counted[false] && value != counted[true] {
			return fmt.Errorf("want %s or %s", counted[false], counted[true])
		}
		o.Abandon, o.Late = true, value == counted[true]
	case "crash":
		at, landed, _ := strings.Cut(value, ",")
		o.CrashLanded = landed == "true"
		o.CrashAt, err = strconv.ParseUint(at, 10, 64)
	case "faults":
		return o.Faults.read(value)
	default:
		return fmt.Errorf("there is no such part")
	}
	return err
}

func (f *Faults) read(list string) error {
	if list == "chaos" {
		*f = Chaos()
		return nil
	}
	all := f.all()
	for one := range strings.SplitSeq(list, ",") {
		name, odds, _ := strings.Cut(one, ":")
		i := slices.IndexFunc(all, func(f fault) bool { return f.name == name })
		if i < 0 {
			return fmt.Errorf("there is no fault %q", name)
		}
		v, err := strconv.ParseFloat(odds, 64)
		if err != nil {
			return err
		}
		*all[i].odds = v
	}
	return nil
}
