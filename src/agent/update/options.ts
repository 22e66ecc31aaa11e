// Options of the commands about updates, for the table of commands: the commands themselves are loaded when one is called.
export const insistenceOptions = {
  "--allow-downgrade": "takes a release that is older than what ran here",
  "--again": "takes a version that failed here before",
};
export const rebootOption = { "--reboot": "restarts the machine into it" };
export const scheduleOption = {
  "--scheduled": "only if kubesolo.updates says auto, in its hours, what is newer; init calls it so",
};
