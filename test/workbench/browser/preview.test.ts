// One window for all of them. A picture shows the users of a first preview.
import './preview/previewLooks.ts';
import './preview/preview.ts';
