/*
 * Maven: pom.xml. What it wants, with its parents' as far as they are in the project: properties,
 * managed versions and dependencies are inherited. No repository is asked.
 */
#include "lockfile/build.h"
#include "lockfile/xml.h"

enum { PARENTS_MAX = 16, INSERTS_MAX = 32, VALUE_MAX = 1024 };

/* The file itself and its parents, the nearest first. */
struct models {
    const struct xml *model[PARENTS_MAX];
    size_t count;
};

/* ---- ${...} ---- */

/* "project.version" is the element of the project, of its nearest parent that has it. */
static str project_value(const struct models *m, str name)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct xml *from = m->model[i];
        str rest = name, part;

        while (from && str_cut(&rest, '.', &part)) {
            const struct xml *child = from->first;

            while (child && !str_equal(child->name, part))
                child = child->next;
            from = child;
        }
        if (from && from->text.len)
            return from->text;
        from = xml_get(m->model[i],
                       "parent"); /* group and version are the parent's, unless given */
        if (from && (str_is(name, "groupId") || str_is(name, "version")))
            return xml_text(from, str_is(name, "version") ? "version" : "groupId");
    }
    return STR("");
}

static str property(const struct models *m, str name)
{
    static const char *const ours[] = {"project.", "pom."};

    for (size_t i = 0; i < m->count; i++) {
        const struct xml *list = xml_get(m->model[i], "properties");

        for (const struct xml *x = list ? list->first : NULL; x; x = x->next)
            if (str_equal(x->name, name))
                return x->text;
    }
    for (size_t i = 0; i < COUNT(ours); i++)
        if (str_starts(name, str_of(ours[i])))
            return project_value(m, str_sub(name, strlen(ours[i]), name.len));
    return STR("");
}

/* Without what nobody defines: it stays as it stands. Bounded, as properties may name each other. */
static str filled(struct builder *b, const struct models *m, str text)
{
    for (unsigned n = 0; n < INSERTS_MAX && text.len < VALUE_MAX; n++) {
        size_t from = str_find_str(text, STR("${"));
        str rest = str_sub(text, from + 2, text.len),
            name = str_sub(rest, 0, str_find(rest, '}'));
        str value = property(m, name);

        if (from == text.len || name.len == rest.len || !value.len)
            break;
        text = joined(b, "%.*s%.*s%.*s", STR_ARG(str_sub(text, 0, from)), STR_ARG(value),
                      STR_ARG(str_sub(rest, name.len + 1, rest.len)));
    }
    return text;
}

static bool is_open(str text)
{
    return str_find_str(text, STR("${")) < text.len;
}

/* ---- parents ---- */

static bool note_parent(struct builder *b, const struct xml *parent)
{
    return add_note(
        b, parent->at,
        "its parent %.*s:%.*s:%.*s is not in the project: what it adds is not known",
        STR_ARG(xml_text(parent, "groupId")), STR_ARG(xml_text(parent, "artifactId")),
        STR_ARG(xml_text(parent, "version")));
}

static bool is_that(const struct xml *model, const struct xml *parent)
{
    str group = xml_text(model, "groupId");

    if (!group.len)
        group = xml_text(xml_get(model, "parent"), "groupId");
    return str_equal(xml_text(model, "artifactId"), xml_text(parent, "artifactId")) &&
           str_equal(group, xml_text(parent, "groupId"));
}

/* "../pom.xml" unless it says otherwise; a directory means the pom.xml in it. */
static struct xml *read_parent(struct builder *b, const struct xml *parent, str *path)
{
    const struct xml *given = xml_get(parent, "relativePath");
    str relative = given ? given->text : STR("../pom.xml"), text;
    struct err e = {0};
    struct xml *model;
    const char *c;

    if (!relative.len)
        return NULL;
    if (!str_ends(relative, STR(".xml")))
        relative = joined(b, "%.*s/pom.xml", STR_ARG(relative));
    *path = path_join(b->a, path_dir(*path), relative);
    if (!path->at || !path_is_below(*path, b->context->root) || !path_c(b->a, *path, &c, &e) ||
        !b->context->files->read(b->context->files->self, b->a, c, LOCKFILE_BYTES_MAX, &text,
                                 &e) ||
        !xml_read(b->a, text, &model, &e))
        return NULL;
    return is_that(model, parent) ? model : NULL;
}

static bool find_parents(struct builder *b, struct models *m)
{
    str path = b->context->path;

    while (m->count < PARENTS_MAX) {
        const struct xml *parent = xml_get(m->model[m->count - 1], "parent");
        struct xml *model;

        if (!parent)
            return true;
        model = read_parent(b, parent, &path);
        if (!model)
            return note_parent(b, parent);
        m->model[m->count++] = model;
    }
    return add_note(b, 0, "more than %d parents: the others are left out", PARENTS_MAX);
}

/* ---- dependencies ---- */

static str field(struct builder *b, const struct models *m, const struct xml *x,
                 const char *name)
{
    return filled(b, m, xml_text(x, name));
}

static bool is_same(struct builder *b, const struct models *m, const struct xml *managed,
                    const struct xml *x)
{
    return str_equal(field(b, m, managed, "artifactId"), field(b, m, x, "artifactId")) &&
           str_equal(field(b, m, managed, "groupId"), field(b, m, x, "groupId"));
}

/* What dependencyManagement says of it, or NULL. */
static const struct xml *managed(struct builder *b, const struct models *m, const struct xml *x)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct xml *list =
            xml_get(xml_get(m->model[i], "dependencyManagement"), "dependencies");

        for (const struct xml *one = list ? list->first : NULL; one; one = one->next)
            if (is_same(b, m, one, x))
                return one;
    }
    return NULL;
}

/* "[1.0]" is 1.0; other brackets are ranges, which only a repository can decide. */
static void read_version(struct lockfile_package *p, str version)
{
    bool exact = version.len > 2 && version.at[0] == '[' &&
                 version.at[version.len - 1] == ']' && str_find(version, ',') == version.len;

    p->wanted = version;
    if (exact)
        version = str_sub(version, 1, version.len - 2);
    if (!version.len || is_open(version) || strchr("[(", version.at[0]))
        return;
    p->version = version;
    p->pinned = true;
}

static bool add_dependency(struct builder *b, const struct models *m, const struct xml *x,
                           bool inherited)
{
    str group = field(b, m, x, "groupId"), artifact = field(b, m, x, "artifactId");
    str version = field(b, m, x, "version"), scope = field(b, m, x, "scope"), key;
    const struct xml *rule = managed(b, m, x);
    struct lockfile_package p = {.ecosystem = STR("Maven"), .direct = true};
    uint32_t i, at = inherited ? 0 : x->at;

    if (!group.len || !artifact.len)
        return add_note(b, at, "a dependency without a group or an artifact is left out");
    if (!version.len)
        version = field(b, m, rule, "version");
    if (!scope.len)
        scope = field(b, m, rule, "scope");
    p.name = joined(b, "%.*s:%.*s", STR_ARG(group), STR_ARG(artifact));
    p.dev = str_is(scope, "test");
    p.optional = str_is(field(b, m, x, "optional"), "true");
    p.source = str_is(scope, "system") ? SOURCE_PATH : SOURCE_REGISTRY;
    read_version(&p, version);
    key = joined(b, "%.*s %.*s", STR_ARG(p.name), STR_ARG(version));
    if (find_key(b, key) != LOCKFILE_ROOT)
        return true; /* again, with another classifier or type */
    return add_package(b, &p, at, &i) && add_key(b, i, key);
}

static bool add_list(struct builder *b, const struct models *m, const struct xml *list,
                     bool inherited)
{
    for (const struct xml *x = list ? list->first : NULL; x; x = x->next)
        if (str_is(x->name, "dependency") && !add_dependency(b, m, x, inherited))
            return false;
    return true;
}

/* A profile that is not active by itself may be made so from outside. */
static bool add_profiles(struct builder *b, const struct models *m)
{
    const struct xml *list = xml_get(m->model[0], "profiles");

    for (const struct xml *x = list ? list->first : NULL; x; x = x->next) {
        const struct xml *needs = xml_get(x, "dependencies");

        if (!needs)
            continue;
        if (str_is(xml_text(xml_get(x, "activation"), "activeByDefault"), "true")) {
            if (!add_list(b, m, needs, false))
                return false;
        } else if (!add_note(b, x->at, "what the profile '%.*s' adds is left out",
                             STR_ARG(xml_text(x, "id")))) {
            return false;
        }
    }
    return true;
}

/* Imported lists of versions are in a repository. */
static bool note_imports(struct builder *b, const struct models *m)
{
    const struct xml *list =
        xml_get(xml_get(m->model[0], "dependencyManagement"), "dependencies");

    for (const struct xml *x = list ? list->first : NULL; x; x = x->next)
        if (str_is(field(b, m, x, "scope"), "import") &&
            !add_note(b, x->at, "the versions that %.*s:%.*s manages are not known",
                      STR_ARG(field(b, m, x, "groupId")),
                      STR_ARG(field(b, m, x, "artifactId"))))
            return false;
    return true;
}

bool read_pom(struct builder *b)
{
    struct models m = {.count = 1};
    struct xml *root;

    if (!xml_read(b->a, b->text, &root, b->e))
        return false;
    if (!str_is(root->name, "project"))
        return add_note(b, root->at, "this is not a pom.xml: it begins with <%.*s>",
                        STR_ARG(str_sub(root->name, 0, 80)));
    m.model[0] = root;
    b->marks_known = true;
    if (!find_parents(b, &m) || !note_imports(b, &m))
        return false;
    for (size_t i = 0; i < m.count; i++)
        if (!add_list(b, &m, xml_get(m.model[i], "dependencies"), i > 0))
            return false;
    return add_profiles(b, &m);
}
