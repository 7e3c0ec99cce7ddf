import { RecordingIdInput } from '$lib/inputs';
import { deleteRecording } from '../../recordings/delete-recording';
import { allowed, router } from '../init';

export const recordingsRouter = router({
	delete: allowed('recordings.delete')
		.input(RecordingIdInput)
		.mutation(({ ctx, input }) => deleteRecording({ ctx, input }))
});
