#include "redact/redact.h"
