// A report: its pictures follow the language and the theme that the page is shown in.

import { followLook } from "./pictures.js";
import { watch } from "./live.js";

followLook();
watch(() => {});
