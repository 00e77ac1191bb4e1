package state

import (
	"fmt"

	"github.com/carillon-dialer/carillon/dialer/event"
)

// Fold applies one fact. It is the only writer of state, live and in replay:
// it copies and adds, and asks nothing. A fact that does not fit what it is
// folded onto is a broken invariant and panics.
func (v *View) Fold(f event.Fact) {
	switch f := f.(type) {
	case *event.CadenceDrafted, *event.CadencePublished, *event.CadenceSwitched, *event.CadenceHalted,
		*event.CadenceDeleted, *event.DialingSwitched, *event.PacksSet, *event.CampaignsOver:
		v.foldPolicy(f)
	case *event.ListOpened, *event.ImportOpened, *event.ImportAdvanced, *event.ImportEnded, *event.RowRejected:
		v.foldImport(f)
	case *event.UndoOpened, *event.LeadRemoved, *event.UndoEnded:
		v.foldUndo(f)
	case *event.ListSet, *event.ListReleased, *event.LeadTallied:
		v.foldList(f)
	case *event.LaneOpened, *event.LaneMarked, *event.AnswerKept, *event.AnswersDropped, *event.Audited,
		*event.ReportKept, *event.CallerIDRested, *event.Upgraded:
		v.foldDesk(f)
	case *event.LeadSaved, *event.ExternalClaimed, *event.NumberClaimed, *event.NumberMarked, *event.SignalNoted,
		*event.CallFound:
		v.foldLead(f)
	case *event.LeadErased:
		v.foldErased(f)
	case *event.Enrolled, *event.LeadMigrated, *event.StayMoved, *event.TouchArmed, *event.Asked, *event.TouchDialing, *event.TouchHeld,
		*event.TouchDone, *event.EnrollmentLeft, *event.DueDropped, *event.AskClosed:
		v.foldTouch(f)
	case *event.MediaOpened, *event.MediaChunked, *event.MediaReady, *event.MediaDamaged, *event.MediaDeleted:
		v.foldMedia(f)
	case *event.TemplateSaved, *event.TemplateDeleted:
		v.foldTemplate(f)
	case *event.StayPaused:
		v.foldPaused(f)
	case *event.AdviceHidden:
		v.foldAdvice(f)
	case *event.ViewSaved, *event.ViewDeleted, *event.ViewPreferred:
		v.foldSavedView(f)
	case *event.ParcelOwed, *event.ParcelTaken, *event.ParcelsReceived, *event.EditionReached:
		v.foldParcel(f)
	case *event.ScrubOpened, *event.ScrubEnded, *event.NumbersListed:
		v.foldScrub(f)
	case *event.UserSaved, *event.PasswordSet, *event.UserInvited, *event.SessionOpened, *event.SessionSeen, *event.SessionClosed,
		*event.KeyCreated, *event.KeySeen, *event.KeyRevoked:
		v.foldAccess(f)
	case *event.ConsentGiven, *event.ConsentEnded:
		v.foldConsent(f)
	case *event.CallCounted, *event.CallUncounted, *event.PersonHeard, *event.LeadHeard:
		v.foldPerson(f)
	case *event.StaffAdded, *event.StaffRemoved, *event.StaffVerified, *event.StaffMissed, *event.RehearsalAsked, *event.RehearsalRefused:
		v.foldRehearsal(f)
	case *event.ReturnCalled, *event.ReturnChanged, *event.ReturnEnded, *event.StayOnLine, *event.StayOffLine:
		v.foldReturn(f)
	default:
		v.foldAttempt(f)
	}
}

func bug(format string, args ...any) {
	panic("BUG: fold: " + fmt.Sprintf(format, args...))
}
