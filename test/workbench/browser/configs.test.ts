// One window for all of them. The pictures of the first part show the Problems view as in a new window.
import './configs/configLooks.ts';
import './configs/configEditor.ts';
import './configs/exportSparkJob.ts';
