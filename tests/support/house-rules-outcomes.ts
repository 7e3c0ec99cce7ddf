/** Rules of what becomes of calls. */
import { v7 as uuid } from 'uuid';
import type { Context } from '$lib/server/context';
import { changePowerDial } from '$lib/server/dialer/change-power-dial';
import { getDialer } from '$lib/server/dialer/get-dialer';
import { lookUpNumber } from '$lib/server/dialer/look-up-number';
import { nextLead } from '$lib/server/dialer/next-lead';
import { startPowerDial } from '$lib/server/dialer/start-power-dial';
import { changeCallBack } from '$lib/server/outcomes/change-call-back';
import { getCallNotes } from '$lib/server/outcomes/get-call-notes';
import { getContactNotes } from '$lib/server/outcomes/get-contact-notes';
import { listCallBacks } from '$lib/server/outcomes/list-call-backs';
import { listDispositions } from '$lib/server/outcomes/list-dispositions';
import { recordOutcome } from '$lib/server/outcomes/record-outcome';
import { saveNote } from '$lib/server/outcomes/save-note';
import { setDispositions } from '$lib/server/outcomes/set-dispositions';
import { newNumber } from './house';
import { ABSENT, FORBIDDEN, OK, same, type Rule } from './house-rule';

async function firstDisposition(ctx: Context) {
	const [first] = await listDispositions({ ctx });
	return first?.id ?? uuid();
}

export const OUTCOME_RULES: Rule[] = [
	{
		verb: 'getDialer',
		run: (ctx) => getDialer({ ctx }),
		superAdmin: FORBIDDEN,
		member: OK
	},
	{
		verb: 'lookUpNumber',
		procedure: 'dialer.lookUp',
		run: (ctx) => lookUpNumber({ ctx, input: { phone: newNumber() } }),
		superAdmin: FORBIDDEN,
		member: OK
	},
	{
		verb: 'startPowerDial',
		procedure: 'dialer.startPowerDial',
		run: (ctx, { listId }) =>
			startPowerDial({ ctx, input: { powerDialId: uuid(), leadListId: listId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'nextLead of nothing',
		procedure: 'dialer.nextLead',
		run: (ctx) => nextLead({ ctx, input: { powerDialId: uuid(), afterContactId: null } }),
		superAdmin: FORBIDDEN,
		member: same('not_found')
	},
	{
		verb: 'changePowerDial of nothing',
		procedure: 'dialer.changePowerDial',
		run: (ctx) => changePowerDial({ ctx, input: { powerDialId: uuid(), action: 'pause' } }),
		superAdmin: FORBIDDEN,
		member: same('not_found')
	},
	{
		verb: 'recordOutcome',
		procedure: 'outcomes.record',
		run: async (ctx, { callId }) => {
			const dispositionId = await firstDisposition(ctx);
			return recordOutcome({ ctx, input: { callId, dispositionId } });
		},
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'getCallNotes',
		procedure: 'outcomes.ofCall',
		run: (ctx, { callId }) => getCallNotes({ ctx, input: { callId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'getContactNotes',
		procedure: 'outcomes.ofContact',
		run: (ctx, { contactId }) => getContactNotes({ ctx, input: { contactId } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'saveNote on a call',
		procedure: 'outcomes.saveNote',
		run: (ctx, { callId }) => saveNote({ ctx, input: { noteId: uuid(), callId, text: 'Noted.' } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'saveNote on a contact',
		run: (ctx, { contactId }) =>
			saveNote({ ctx, input: { noteId: uuid(), contactId, text: 'Noted.' } }),
		superAdmin: FORBIDDEN,
		member: ABSENT
	},
	{
		verb: 'listCallBacks',
		procedure: 'outcomes.callBacks',
		run: (ctx) => listCallBacks({ ctx, input: {} }),
		superAdmin: FORBIDDEN,
		member: OK
	},
	{
		verb: 'listCallBacks of everyone',
		run: (ctx) => listCallBacks({ ctx, input: { ofEveryone: true } }),
		superAdmin: FORBIDDEN,
		member: OK,
		agent: FORBIDDEN
	},
	{
		verb: 'changeCallBack that is not there',
		procedure: 'outcomes.changeCallBack',
		run: (ctx) => changeCallBack({ ctx, input: { taskId: uuid(), state: 'done' } }),
		superAdmin: FORBIDDEN,
		member: same('not_found')
	},
	{
		verb: 'listDispositions',
		procedure: 'outcomes.dispositions',
		run: (ctx) => listDispositions({ ctx }),
		superAdmin: FORBIDDEN,
		member: OK
	},
	{
		verb: 'setDispositions',
		procedure: 'outcomes.setDispositions',
		run: (ctx) =>
			setDispositions({ ctx, input: { dispositions: [{ kind: 'other', label: 'Spoken' }] } }),
		superAdmin: FORBIDDEN,
		member: OK,
		agent: FORBIDDEN
	}
];
