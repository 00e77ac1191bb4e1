package dialer

import "github.com/carillon-dialer/carillon/cadence"

// Homes says at which shard each slot is at home, and which shard asks. Slots
// are cut into runs of equal length; what belongs to no lead and no number is
// the office's, at shard 0. The zero value is one shard that has everything.
type Homes struct {
	Self   uint16
	Shards uint16 // how many there are; 0 is 1
}

// Of is the shard of a slot.
func (h Homes) Of(slot uint16) uint16 {
	if h.Shards <= 1 || slot >= cadence.Slots {
		return 0
	}
	return uint16(uint32(slot) * uint32(h.Shards) / cadence.Slots)
}

// here reports whether a slot is at home at the shard that asks.
func (h Homes) here(slot uint16) bool { return h.Shards <= 1 || h.Of(slot) == h.Self }

// several reports whether there is any shard besides this one.
func (h Homes) several() bool { return h.Shards > 1 }

// SlotOf is the slot of a message from outside: it must be handed to the shard
// at which that slot is at home. Messages about a shard itself (Recover,
// Parcel, Receipt) have none and give the office's.
func (c *Core) SlotOf(m Message) uint16 {
	switch m := m.(type) {
	case *Sent:
		return m.Attempt.Slot()
	case *Reported:
		return m.Event.Attempt.Slot()
	case *ReturnCall:
		return c.returnID(&m.Call).Slot()
	case *Deadline:
		return m.Attempt.Slot()
	case *Looked:
		return m.Attempt.Slot()
	case *Acted:
		return m.Attempt.Slot()
	case *Dispose:
		return m.Attempt.Slot()
	case *Enroll:
		return m.Lead.Slot()
	case *Leave:
		return m.Enrollment.Slot()
	case *MoveStay:
		return m.Enrollment.Slot()
	case *PauseStay:
		return m.Enrollment.Slot()
	case *PatchLead:
		return m.Lead.Slot()
	case *Signal:
		return m.Lead.Slot()
	case *MarkNumber:
		return c.Token(m.Number).Slot()
	case *AddStaff:
		return c.Token(m.Number).Slot()
	case *RemoveStaff:
		return c.Token(m.Number).Slot()
	case *ConfirmStaff:
		return c.Token(m.Number).Slot()
	case *VerifyStaff:
		return c.Token(m.Number).Slot()
	}
	return cadence.OfficeSlot
}
