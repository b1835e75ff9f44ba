/* A type library as text rows, in the spelling of the tables in wine-tests/data. */
#include "../type_rows.h"

#include <string.h>

/* The name of a type information, narrowed: names in a library are plain ASCII. */
static void type_name(ITypeInfo *info, MEMBERID id, char *text, size_t size)
{
    BSTR name = NULL;

    if (FAILED(ITypeInfo_GetDocumentation(info, id, &name, NULL, NULL, NULL))) snprintf(text, size, "?");
    else snprintf(text, size, "%s", test_text(name));
    SysFreeString(name);
}

static const char *guid_text(const GUID *guid, char *text, size_t size)
{
    WCHAR wide[40];

    StringFromGUID2(guid, wide, ARRAYSIZE(wide));
    snprintf(text, size, "%s", test_text(wide));
    return text;
}

static const char *basic_name(VARTYPE type)
{
    switch (type)
    {
    case VT_I1: return "CHAR";
    case VT_UI1: return "BYTE";
    case VT_I2: return "SHORT";
    case VT_UI2: return "USHORT";
    case VT_I4: return "LONG";
    case VT_UI4: return "ULONG";
    case VT_INT: return "INT";
    case VT_UINT: return "UINT";
    case VT_I8: return "LONGLONG";
    case VT_UI8: return "ULONGLONG";
    case VT_INT_PTR: return "INT_PTR";
    case VT_UINT_PTR: return "UINT_PTR";
    case VT_R8: return "DOUBLE";
    case VT_DATE: return "DATE";
    case VT_BSTR: return "BSTR";
    case VT_BOOL: return "VARIANT_BOOL";
    case VT_VARIANT: return "VARIANT";
    case VT_UNKNOWN: return "IUnknown*";
    case VT_DISPATCH: return "IDispatch*";
    case VT_HRESULT: return "HRESULT";
    case VT_VOID: return "void";
    case VT_LPWSTR: return "LPWSTR";
    default: return NULL;
    }
}

static void type_text(ITypeInfo *info, const TYPEDESC *type, char *text, size_t size)
{
    char inner[256];
    ITypeInfo *target;

    switch (type->vt)
    {
    case VT_PTR:
        type_text(info, type->lptdesc, inner, sizeof(inner));
        snprintf(text, size, "%s*", inner);
        return;
    case VT_SAFEARRAY:
        type_text(info, type->lptdesc, inner, sizeof(inner));
        snprintf(text, size, "SAFEARRAY(%s)", inner);
        return;
    case VT_CARRAY:
        type_text(info, &type->lpadesc->tdescElem, inner, sizeof(inner));
        snprintf(text, size, "%s[%lu]", inner, (unsigned long)type->lpadesc->rgbounds[0].cElements);
        return;
    case VT_USERDEFINED:
        snprintf(text, size, "?");
        if (FAILED(ITypeInfo_GetRefTypeInfo(info, type->hreftype, &target))) return;
        type_name(target, MEMBERID_NIL, text, size);
        ITypeInfo_Release(target);
        return;
    default:
        if (basic_name(type->vt)) snprintf(text, size, "%s", basic_name(type->vt));
        else snprintf(text, size, "vt%u", type->vt);
    }
}

static const char *flags_text(USHORT flags)
{
    BOOL in = (flags & PARAMFLAG_FIN) != 0, out = (flags & PARAMFLAG_FOUT) != 0;

    if (flags & PARAMFLAG_FRETVAL) return in ? "[in,out,retval]" : out ? "[out,retval]" : "[retval]";
    if (in) return out ? "[in,out]" : "[in]";
    return out ? "[out]" : "[]";
}

static void add_method(struct rows *rows, ITypeInfo *info, const char *owner, UINT index, BOOL dispids,
                       BOOL with_names)
{
    char row[1024], type[256], dispid[24] = "-";
    BSTR names[16] = { 0 };
    UINT count = 0, i;
    FUNCDESC *func;
    size_t used;

    if (FAILED(ITypeInfo_GetFuncDesc(info, index, &func)))
    {
        rows_add(rows, "method\t%s\t? function %u cannot be read", owner, index);
        return;
    }
    ITypeInfo_GetNames(info, func->memid, names, ARRAYSIZE(names), &count);
    if (dispids)
    {
        snprintf(dispid, sizeof(dispid), func->memid < 0 ? "%ld" : "0x%lx", (long)func->memid);
    }
    used = snprintf(row, sizeof(row), "method\t%s\t%s\t%s\tdispid=%s\tslot=%u", owner, test_text(names[0]),
                    func->invkind == INVOKE_PROPERTYGET   ? "propget"
                    : func->invkind == INVOKE_PROPERTYPUT ? "propput"
                    : func->invkind == INVOKE_FUNC        ? "method"
                                                          : "propputref",
                    dispid, (unsigned)(func->oVft / sizeof(void *)));
    for (i = 0; i < (UINT)func->cParams && used < sizeof(row); i++)
    {
        const ELEMDESC *param = &func->lprgelemdescParam[i];

        type_text(info, &param->tdesc, type, sizeof(type));
        used += snprintf(row + used, sizeof(row) - used, "\t%s %s", flags_text(param->paramdesc.wParamFlags),
                         type);
        if (with_names && used < sizeof(row))
        {
            used += snprintf(row + used, sizeof(row) - used, " %s",
                             i + 1 < count ? test_text(names[i + 1]) : "?");
        }
    }
    if (func->elemdescFunc.tdesc.vt != VT_HRESULT && used < sizeof(row))
    {
        snprintf(row + used, sizeof(row) - used, "\treturns vt%u", func->elemdescFunc.tdesc.vt);
    }
    rows_add(rows, "%s", row);
    for (i = 0; i < count; i++) SysFreeString(names[i]);
    ITypeInfo_ReleaseFuncDesc(info, func);
}

/* The base of an interface and its own methods. Of a dual one, info is the vtable side. */
static void add_interface(struct rows *rows, ITypeInfo *info, const char *name, BOOL dispids, BOOL with_names)
{
    char base[256] = "?";
    ITypeInfo *parent;
    TYPEATTR *attr;
    HREFTYPE ref;
    UINT i;

    if (SUCCEEDED(ITypeInfo_GetRefTypeOfImplType(info, 0, &ref))
        && SUCCEEDED(ITypeInfo_GetRefTypeInfo(info, ref, &parent)))
    {
        type_name(parent, MEMBERID_NIL, base, sizeof(base));
        ITypeInfo_Release(parent);
    }
    rows_add(rows, "base\t%s\t%s", name, base);
    if (FAILED(ITypeInfo_GetTypeAttr(info, &attr))) return;
    for (i = 0; i < attr->cFuncs; i++) add_method(rows, info, name, i, dispids, with_names);
    ITypeInfo_ReleaseTypeAttr(info, attr);
}

static void add_constants(struct rows *rows, ITypeInfo *info, const char *name, UINT count)
{
    char member[256];
    VARDESC *var;
    UINT i;

    for (i = 0; i < count; i++)
    {
        if (FAILED(ITypeInfo_GetVarDesc(info, i, &var))) continue;
        type_name(info, var->memid, member, sizeof(member));
        if (var->varkind != VAR_CONST) rows_add(rows, "const\t%s\t%s\tis no constant", name, member);
        else if (V_VT(var->lpvarValue) != VT_I4 && V_VT(var->lpvarValue) != VT_INT)
        {
            rows_add(rows, "const\t%s\t%s\tis of type %u", name, member, V_VT(var->lpvarValue));
        }
        else rows_add(rows, "const\t%s\t%s\t%ld", name, member, (long)V_I4(var->lpvarValue));
        ITypeInfo_ReleaseVarDesc(info, var);
    }
}

static void add_implementations(struct rows *rows, ITypeInfo *info, const char *name, UINT count)
{
    char text[256];
    ITypeInfo *target;
    HREFTYPE ref;
    INT flags;
    UINT i;

    for (i = 0; i < count; i++)
    {
        if (FAILED(ITypeInfo_GetRefTypeOfImplType(info, i, &ref))
            || FAILED(ITypeInfo_GetRefTypeInfo(info, ref, &target))
            || FAILED(ITypeInfo_GetImplTypeFlags(info, i, &flags)))
        {
            rows_add(rows, "implements\t%s\t? interface %u cannot be read", name, i);
            continue;
        }
        type_name(target, MEMBERID_NIL, text, sizeof(text));
        ITypeInfo_Release(target);
        rows_add(rows, "implements\t%s\t%s%s%s%s%s", name, text, flags ? "\t" : "",
                 flags & IMPLTYPEFLAG_FDEFAULT ? "default" : "",
                 (flags & IMPLTYPEFLAG_FDEFAULT) && (flags & IMPLTYPEFLAG_FSOURCE) ? "," : "",
                 flags & IMPLTYPEFLAG_FSOURCE ? "source" : "");
    }
}

static void add_type(struct rows *rows, ITypeInfo *info, BOOL with_names)
{
    static const char *const kinds[] = { "enum", "record", "module", "interface", "dispinterface", "coclass",
                                         "alias", "union" };
    char name[256], guid[64];
    const char *kind, *flags = "";
    ITypeInfo *side = info;
    TYPEATTR *attr;
    HREFTYPE ref;

    type_name(info, MEMBERID_NIL, name, sizeof(name));
    if (FAILED(ITypeInfo_GetTypeAttr(info, &attr)))
    {
        rows_add(rows, "type\t%s\tcannot be read", name);
        return;
    }
    kind = attr->typekind < ARRAYSIZE(kinds) ? kinds[attr->typekind] : "?";
    if (attr->typekind == TKIND_DISPATCH && (attr->wTypeFlags & TYPEFLAG_FDUAL)) kind = "dual";
    if (attr->typekind == TKIND_INTERFACE && (attr->wTypeFlags & TYPEFLAG_FOLEAUTOMATION))
    {
        kind = "oleautomation";
    }
    if (attr->wTypeFlags & TYPEFLAG_FNONEXTENSIBLE) flags = "\tnonextensible";
    if (attr->typekind == TKIND_COCLASS)
    {
        flags = attr->wTypeFlags & TYPEFLAG_FCANCREATE ? "\tcreatable" : "\tnot-creatable";
    }
    rows_add(rows, "type\t%s\t%s\t%s%s", name, kind,
             attr->typekind == TKIND_ENUM ? "-" : guid_text(&attr->guid, guid, sizeof(guid)), flags);

    if (attr->typekind == TKIND_ENUM) add_constants(rows, info, name, attr->cVars);
    if (attr->typekind == TKIND_COCLASS) add_implementations(rows, info, name, attr->cImplTypes);
    if (attr->typekind == TKIND_DISPATCH)
    {
        side = NULL;
        if (FAILED(ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &ref))
            || FAILED(ITypeInfo_GetRefTypeInfo(info, ref, &side)))
        {
            rows_add(rows, "base\t%s\thas no vtable side", name);
        }
    }
    if (side && (attr->typekind == TKIND_DISPATCH || attr->typekind == TKIND_INTERFACE))
    {
        add_interface(rows, side, name, strcmp(kind, "interface") != 0, with_names);
    }
    if (side && side != info) ITypeInfo_Release(side);
    ITypeInfo_ReleaseTypeAttr(info, attr);
}

void rows_of_library(struct rows *rows, ITypeLib *library, BOOL names)
{
    UINT i, count = ITypeLib_GetTypeInfoCount(library);
    char guid[64];
    BSTR name = NULL;
    ITypeInfo *info;
    TLIBATTR *attr;

    if (SUCCEEDED(ITypeLib_GetLibAttr(library, &attr)))
    {
        ITypeLib_GetDocumentation(library, -1, &name, NULL, NULL, NULL);
        rows_add(rows, "library\t%s\t%s\t%u.%u", test_text(name), guid_text(&attr->guid, guid, sizeof(guid)),
                 attr->wMajorVerNum, attr->wMinorVerNum);
        SysFreeString(name);
        ITypeLib_ReleaseTLibAttr(library, attr);
    }
    for (i = 0; i < count; i++)
    {
        if (FAILED(ITypeLib_GetTypeInfo(library, i, &info)))
        {
            rows_add(rows, "type\t? number %u cannot be read", i);
            continue;
        }
        add_type(rows, info, names);
        ITypeInfo_Release(info);
    }
}
