package api

import (
	"cmp"
	"slices"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/permit"
	"github.com/carillon-dialer/carillon/dialer/state"
)

func (a *API) gather(d *dossier, n cadence.Number, from, to int64) error {
	if err := a.gatherDNC(d, n); err != nil {
		return err
	}
	agreed := consents{Items: []consent{}, Revocations: []consentRevocation{}}
	if err := a.consentsAt(&agreed, n); err != nil {
		return err
	}
	d.Consents = dossierConsents{agreed.Items, agreed.Revocations}
	row, err := a.op.Rows().Number(a.op.Token(n))
	if err != nil || row == nil {
		return err
	}
	found, err := a.callsTo(d, n, row, from, to)
	if err != nil {
		return err
	}
	slices.SortFunc(found, func(x, y foundCall) int { return cmp.Or(cmp.Compare(x.at, y.at), slices.Compare(x.id[:], y.id[:])) })
	for _, f := range found {
		one, err := a.attempt(f.id)
		if err != nil {
			return err
		}
		d.Attempts = append(d.Attempts, *one)
	}
	if err := a.gatherReturns(d, n, from, to); err != nil {
		return err
	}
	if err := a.gatherRehearsals(d, n, from, to); err != nil {
		return err
	}
	return a.gatherRules(d)
}

// gatherReturns adds the calls from the number, newest first, whoever they were
// taken for.
func (a *API) gatherReturns(d *dossier, n cadence.Number, from, to int64) error {
	names := newNames(a.op.Rows())
	var failed error
	err := names.rows.ReturnsFrom(a.op.Token(n), func(id cadence.ID, c *state.ReturnCall) bool {
		if within(c.At, from, to) {
			var it returnItem
			it, failed = returnOf(names, id, c)
			d.Returns = append(d.Returns, it)
		}
		return failed == nil
	})
	if err := cmp.Or(err, failed, tooMany(len(d.Returns))); err != nil {
		return err
	}
	slices.SortFunc(d.Returns, func(x, y returnItem) int { return cmp.Or(cmp.Compare(y.At, x.At), cmp.Compare(x.ID, y.ID)) })
	return nil
}

// gatherRehearsals adds the calls to the number that stand in no figure, oldest
// first, with their permits.
func (a *API) gatherRehearsals(d *dossier, n cadence.Number, from, to int64) error {
	names := newNames(a.op.Rows())
	var failed error
	err := names.rows.RehearsalsTo(a.op.Token(n), func(id cadence.ID, row *state.Rehearsal) bool {
		if !within(row.At, from, to) {
			return true
		}
		var one dossierRehearsal
		if one, failed = a.rehearsalWithPermit(names, id, row); failed == nil {
			d.Rehearsals = append(d.Rehearsals, one)
		}
		return failed == nil
	})
	if err := cmp.Or(err, failed, tooMany(len(d.Rehearsals))); err != nil {
		return err
	}
	slices.SortFunc(d.Rehearsals, func(x, y dossierRehearsal) int { return cmp.Or(cmp.Compare(x.At, y.At), cmp.Compare(x.ID, y.ID)) })
	return nil
}

// within reports whether an instant lies in a dossier's period; 0 is no end.
func within(at, from, to int64) bool { return at >= from && (to == 0 || at < to) }

// tooMany refuses a dossier of more calls of a kind than it holds.
func tooMany(calls int) error {
	if calls <= maxDossier {
		return nil
	}
	return invalid("from", "there are more than 1000 calls in the period; ask for shorter ones with from and to")
}

func (a *API) gatherDNC(d *dossier, n cadence.Number) error {
	d.DNC = dossierDNC{Marks: []dncEntry{}, History: []dncWord{}, Lists: []dossierList{}}
	token := a.op.Token(n)
	row, err := a.op.Rows().Number(token)
	if err != nil {
		return err
	}
	if row != nil {
		for _, no := range row.Marked() {
			d.DNC.Marks = append(d.DNC.Marks, dncOf(n, &no))
		}
	}
	lists, err := a.op.ListsOf(n)
	if err != nil {
		return err
	}
	for _, l := range lists {
		d.DNC.Lists = append(d.DNC.Lists, dossierList{l.Name, maybe(l.AsOf), l.On, maybe(l.Since)})
	}
	return a.op.Rows().Words(token, func(w *state.Word) bool {
		d.DNC.History = append(d.DNC.History, dncWord{w.Scope.String(), w.On, at(w.At), w.Source, w.By, w.Reason})
		return true
	})
}

type foundCall struct {
	at int64
	id cadence.ID
}

// callsTo finds the calls to a number of all leads that have or had it, of the
// erased ones too, and names the leads.
func (a *API) callsTo(d *dossier, n cadence.Number, row *state.Number, from, to int64) (found []foundCall, err error) {
	rows, token := a.op.Rows(), a.op.Token(n)
	err = rows.Opens(func(o *state.Open) bool {
		if o.I.Token == token && o.I.Rehearsal.IsZero() && within(o.I.At, from, to) {
			found = append(found, foundCall{o.I.At, o.I.Attempt})
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	for _, lead := range slices.Concat(row.Leads, row.Past) {
		if err := a.leadOfDossier(d, lead); err != nil {
			return nil, err
		}
		err := rows.AttemptsOfLead(lead, to, cadence.ID{}, func(id cadence.ID, c *state.Attempt) bool {
			if c.Token == token && within(c.At, from, to) && !slices.ContainsFunc(found, func(f foundCall) bool { return f.id == id }) {
				found = append(found, foundCall{c.At, id})
			}
			return c.At >= from && len(found) <= maxDossier
		})
		if err != nil {
			return nil, err
		}
		if err := tooMany(len(found)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (a *API) leadOfDossier(d *dossier, id cadence.ID) error {
	l := dossierLead{ID: id.Text(cadence.KindLead)}
	row, err := a.op.Rows().Lead(id)
	if err != nil {
		return err
	}
	if row != nil {
		l.Name = leadName(&row.Lead)
	} else {
		gone, err := a.op.Rows().Erased(id)
		if err != nil {
			return err
		}
		if gone != nil {
			l.ErasedAt, l.ErasedBy = maybe(gone.At), gone.By
		}
	}
	d.Leads = append(d.Leads, l)
	return nil
}

// gatherRules adds the text of every rule that a trace names, as it stood in
// the packs of then.
func (a *API) gatherRules(d *dossier) error {
	seen := map[[2]string]bool{}
	verdicts := make([]*verdictItem, 0, len(d.Attempts)+len(d.Rehearsals))
	for i := range d.Attempts {
		verdicts = append(verdicts, &d.Attempts[i].Verdict)
	}
	for i := range d.Rehearsals {
		verdicts = append(verdicts, d.Rehearsals[i].Verdict)
	}
	for _, v := range verdicts {
		if v == nil || v.Packs == "" {
			continue
		}
		set, err := a.op.PacksOf(v.Packs)
		if err != nil {
			return err
		}
		for _, c := range v.Trace {
			key := [2]string{v.Packs, c.Rule}
			if rule := set.Rule(c.Rule); rule != nil && !seen[key] {
				seen[key] = true
				d.Rules = append(d.Rules, dossierRule{v.Packs, rule})
			}
		}
	}
	return nil
}

// remark is a check of a trace for the printed page.
func remark(c *explainCheck) string {
	text := c.Rule + ": " + string(c.Result)
	if c.Duty {
		text += ", " + c.Title
	}
	if c.Detail != "" {
		text += ", " + c.Detail
	}
	if c.Zone != "" {
		text += " (" + c.Zone + " " + c.Local + ")"
	}
	return text
}

// allowed says whether a verdict allowed its call, in words.
func allowed(v *verdictItem) string {
	if v.Answer == permit.Allow {
		return "allowed"
	}
	return string(v.Answer) + " by " + v.Rule
}
