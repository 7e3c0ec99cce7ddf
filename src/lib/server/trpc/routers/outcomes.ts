import {
	AboutCallInput,
	AboutContactInput,
	ChangeCallBackInput,
	ListCallBacksInput,
	RecordOutcomeInput,
	SaveNoteInput,
	SetDispositionsInput
} from '$lib/inputs';
import { changeCallBack } from '../../outcomes/change-call-back';
import { getCallNotes } from '../../outcomes/get-call-notes';
import { getContactNotes } from '../../outcomes/get-contact-notes';
import { listCallBacks } from '../../outcomes/list-call-backs';
import { listDispositions } from '../../outcomes/list-dispositions';
import { recordOutcome } from '../../outcomes/record-outcome';
import { saveNote } from '../../outcomes/save-note';
import { setDispositions } from '../../outcomes/set-dispositions';
import { allowed, router } from '../init';

export const outcomesRouter = router({
	ofCall: allowed('outcomes.read')
		.input(AboutCallInput)
		.query(({ ctx, input }) => getCallNotes({ ctx, input })),
	ofContact: allowed('outcomes.read')
		.input(AboutContactInput)
		.query(({ ctx, input }) => getContactNotes({ ctx, input })),
	record: allowed('outcomes.write')
		.input(RecordOutcomeInput)
		.mutation(({ ctx, input }) => recordOutcome({ ctx, input })),
	saveNote: allowed('outcomes.write')
		.input(SaveNoteInput)
		.mutation(({ ctx, input }) => saveNote({ ctx, input })),
	callBacks: allowed('outcomes.read')
		.input(ListCallBacksInput)
		.query(({ ctx, input }) => listCallBacks({ ctx, input })),
	changeCallBack: allowed('outcomes.write')
		.input(ChangeCallBackInput)
		.mutation(({ ctx, input }) => changeCallBack({ ctx, input })),
	dispositions: allowed('outcomes.read').query(({ ctx }) => listDispositions({ ctx })),
	setDispositions: allowed('dispositions.write')
		.input(SetDispositionsInput)
		.mutation(({ ctx, input }) => setDispositions({ ctx, input }))
});
