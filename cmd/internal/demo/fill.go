package demo

import (
	"bytes"
	"context"
	"fmt"
	"net/url"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/cmd/internal/sample"
	"github.com/carillon-dialer/carillon/configs"
)

// template is the built-in cadence of the demo.
const template = "five-touches"

// listName is the list of sample leads.
const listName = "Sample leads"

// fill puts the cadence and the leads in, through the public API. What an
// earlier start did stays as it is, also when it was cut short.
func (d *Demo) fill(ctx context.Context) error {
	lists, err := apiclient.All[struct {
		Name string `json:"name"`
	}](ctx, d.client, "/v1/lists", nil, 1000)
	if err != nil {
		return err
	}
	for _, l := range lists {
		if l.Name == listName {
			return nil
		}
	}
	one, err := d.cadence(ctx)
	if err != nil {
		return err
	}
	return d.leads(ctx, one.ID)
}

// cadence finds the built-in cadence, or brings it in and activates it.
func (d *Demo) cadence(ctx context.Context) (apiclient.Cadence, error) {
	document, err := configs.Template(template)
	if err != nil {
		return apiclient.Cadence{}, err
	}
	doc, problems := cadence.Parse(document)
	if doc == nil {
		return apiclient.Cadence{}, fmt.Errorf("BUG: the shipped cadence cannot be read: %v", problems)
	}
	one, err := d.client.FindCadence(ctx, doc.Name)
	if err != nil {
		made, err := d.client.ImportCadences(ctx, document)
		if err != nil {
			return apiclient.Cadence{}, err
		}
		one = made[0].Cadence
	}
	if one.Version == 0 {
		if _, err := d.client.Act(ctx, one.ID, "publish"); err != nil {
			return one, err
		}
	}
	if one.Status != "active" {
		return d.client.Act(ctx, one.ID, "activate")
	}
	return one, nil
}

func (d *Demo) leads(ctx context.Context, cadenceID string) error {
	var file bytes.Buffer
	if err := sample.WriteCSV(&file, d.o.Leads); err != nil {
		return err
	}
	query := url.Values{"cadence": {cadenceID}, "name": {listName}, "source": {"demo"}}
	im, err := d.client.ImportLeads(ctx, query, "text/csv", &file)
	if err != nil {
		return err
	}
	im, err = d.client.WaitImport(ctx, im, func(apiclient.Import) {})
	if err != nil {
		return err
	}
	if im.State != "done" || im.Enrolled != int64(d.o.Leads) {
		return fmt.Errorf("import %s: %d of %d leads enrolled, %d rejected: %s", im.State, im.Enrolled, d.o.Leads, im.Rejected, im.Message)
	}
	return nil
}
