/* The project's version, for resources and pkg-config files. */
#ifndef OPENIMAPI_VERSION_H
#define OPENIMAPI_VERSION_H

#define OPENIMAPI_VERSION_MAJOR 0
#define OPENIMAPI_VERSION_MINOR 1
#define OPENIMAPI_VERSION_TEXT "0.1"

#endif
