/*
 * The first process of every pod: it holds the pod's namespaces, and takes in orphans when the pod
 * shares its process namespace (then it is pid 1 there). It does nothing else until it is told to end.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void end(int signal)
{
	(void)signal;
	_exit(EXIT_SUCCESS);
}

static void reap(int signal)
{
	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static int handle(int signal, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_NOCLDSTOP};

	return sigaction(signal, &action, NULL);
}

int main(void)
{
	if (handle(SIGINT, end) || handle(SIGTERM, end) || handle(SIGCHLD, reap))
		return EXIT_FAILURE;
	for (;;)
		pause();
}
