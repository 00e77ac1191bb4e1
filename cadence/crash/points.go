// Package crash names the instants at which dying tells most about a program
// that promises to lose nothing: before and after each commit, each request
// and each rename.
//
// In a build with the tag crashpoints a point kills its own process the n-th
// time it is passed, as a power switch would (see Variable). In any other
// build On is false and Point is empty, so that nothing of it is compiled in.
// The package imports nothing and may be imported from everywhere.
package crash

// Name is one crash point.
type Name uint8

// The points, in the order of a call's life. Before and after a commit mean
// the whole turn: what the name says is among what the turn holds.
const (
	Nowhere                 Name = iota // no point: passing it does nothing
	KeysBeforeWrite                     // a new data directory has no keys yet
	KeysAfterWrite                      // it has, and nothing else
	LedgerBeforeMarker                  // a new ledger's marker is written under another name
	LedgerAfterMarker                   // the directory is a ledger without a store
	LedgerStoreOpened                   // the store is open and was not looked at
	LedgerExamined                      // what an open found stands in the high-water file
	RecoverBeforeCommit                 // intents of the process before are about to become unknown
	RecoverAfterCommit                  // they are
	ImportSpooled                       // the file is there, its job is not
	ImportBatchBeforeCommit             // rows of a file
	ImportBatchAfterCommit              //
	ImportBeforeRemove                  // the import has ended, its file is still there
	TimerArmAfterCommit                 // a due time is in the index, not in the wheel
	TimerFireBeforeIntent               // a touch was granted
	IntentBeforeCommit                  //
	IntentAfterCommit                   // nothing of the request has left
	PostBeforeWrite                     // the attempt is claimed
	PostAfterWrite                      // the request has left, no answer has come
	PostAfter201                        // the carrier took the call, nobody was told
	ResultBeforeCommit                  // what the request brought
	ResultAfterCommit                   //
	WebhookBeforeCommit                 // what the carrier told of a call
	WebhookAfterCommit                  // before the 200
	LookAnswered                        // what the carrier was asked, not yet in a turn
	DispositionBeforeCommit             //
	DispositionAfterCommit              //
	TransitionBeforeCommit              // an attempt has ended
	TransitionAfterCommit               //
	NextTimerBeforeCommit               // a touch is done and the next one armed
	NextTimerAfterCommit                //
	DNCBeforeCommit                     //
	DNCAfterCommit                      // before whoever asked for it knows
	EffectBeforeCommit                  // an effect becomes owed
	EffectAfterCommit                   //
	EffectBeforeRequest                 // an owed effect is about to be carried out
	EffectAfterRequest                  // it was, and is still owed
	AnswerBeforeCommit                  // a request's answer is about to be kept under its key
	AnswerAfterCommit                   //
	CommandAfterCommit                  // done; whoever asked does not know
	DNCLogBeforeWrite                   // a mark, or its end, is in neither the log nor the ledger
	DNCLogAfterWrite                    // it is in the log's page cache
	LedgerBeforeCommit                  // a transaction is gathered
	HighWaterBeforeWrite                // the transaction is durable, its mark is not written
	HighWaterAfterWrite                 // nobody was answered
	HighWaterBeforeSync                 //
	HighWaterAfterSync                  //
	LogTrimBeforeCommit                 // old records are about to be deleted
	LogTrimAfterCommit                  //
	ShutdownDrain                       // nothing is dialed any more, what is under way comes in
	ShutdownBeforeClose                 // the store is about to be closed
	FileBeforeRename                    // a key file, log or backup is complete under another name
	FileAfterRename                     // it has its name, the directory is not synced
	BackupBeforeCheck                   // a backup is written and was not read back
	RestoreBeforeFill                   // log and keys are laid down, there is nothing of a ledger
	RestoreFilled                       // the store is there under another name, and is no ledger yet
	RestoreBeforeRename                 // the ledger is complete under another name
	RestoreAfterRename                  // it is in its place, the directory is not synced
	BallastHalfLaid                     // a piece of the ballast is written
	BallastLaid                         // all of it, not synced
	BallastBeforeRelease                // it is about to be given back
	BallastAfterRelease                 // it was, and nobody was told

	count
)

var names = [count]string{
	"", "keys.before_write", "keys.after_write", "ledger.before_marker", "ledger.after_marker", "ledger.store_opened", "ledger.examined",
	"recover.before_commit", "recover.after_commit", "import.spooled", "import.batch.before_commit", "import.batch.after_commit",
	"import.before_remove", "timer.arm.after_commit", "timer.fire.before_intent", "intent.before_commit", "intent.after_commit",
	"post.before_write", "post.after_write", "post.after_201", "result.before_commit", "result.after_commit", "webhook.before_commit",
	"webhook.after_commit_before_200", "look.answered", "disposition.before_commit", "disposition.after_commit",
	"transition.before_commit", "transition.after_commit", "next_timer.before_commit", "next_timer.after_commit",
	"dnc.before_commit", "dnc.after_commit", "effect.before_commit", "effect.after_commit", "effect.before_request",
	"effect.after_request", "answer.before_commit", "answer.after_commit", "command.after_commit_before_answer",
	"dnc_log.before_write", "dnc_log.after_write", "ledger.before_commit", "high_water.before_write", "high_water.after_write", "high_water.before_sync", "high_water.after_sync", "log_trim.before_commit",
	"log_trim.after_commit", "shutdown.drain", "shutdown.before_close",
	"file.before_rename", "file.after_rename", "backup.before_check", "restore.before_fill", "restore.filled", "restore.before_rename",
	"restore.after_rename", "ballast.half_laid", "ballast.laid", "ballast.before_release", "ballast.after_release",
}

// String is the name by which Variable asks for the point.
func (n Name) String() string { return names[n] }

// Names are all points.
func Names() []Name {
	all := make([]Name, 0, count-1)
	for n := Nowhere + 1; n < count; n++ {
		all = append(all, n)
	}
	return all
}

// Variable is the environment variable that says where to die: NAME:HIT, with
// HIT counted from 1 in this process, or NAME:HIT:WAIT, to stand there for WAIT
// first: what others were told too early gets done meanwhile. CountVariable names a file that counts
// every pass of every point, over all processes that were given it: eight
// bytes each, little-endian, the point of value n at 8n.
const (
	Variable      = "CARILLON_CRASH"
	CountVariable = "CARILLON_CRASH_COUNTS"
)
