/** The keys of the dialer and of calls that come in, for the list behind `?`. */
export const DIALER_GROUPS = [
	{
		title: 'Dialer',
		entries: [
			{ keys: ['↵'], text: 'Call the number' },
			{ keys: ['m'], text: 'Mute, or be heard again' },
			{ keys: ['k'], text: 'Show the keypad' },
			{ keys: ['0', '…', '9', '*', '#'], text: 'Send a tone while you talk' },
			{ keys: ['n'], text: 'Write a note' },
			{ keys: ['Esc'], text: 'Leave the note' },
			{ keys: ['h'], text: 'Hang up' }
		]
	},
	{
		title: 'After a call',
		entries: [
			{ keys: ['1', '…', '9'], text: 'Say what came of it' },
			{ keys: ['↵'], text: 'Save the call-back time' },
			{ keys: ['Esc'], text: 'Leave it open' },
			{ keys: ['p'], text: 'Pause the power dial, or go on' },
			{ keys: ['s'], text: 'Skip the lead of the power dial' }
		]
	},
	{
		title: 'Somebody calls',
		entries: [
			{ keys: ['a'], text: 'Accept' },
			{ keys: ['x'], text: 'Reject' }
		]
	}
];
