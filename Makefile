# openimapi: everything is built under build/, nothing elsewhere. Folders are listed, files are found by wildcard.
#   make            DLLs for both targets, headers, type libraries, import and GUID libraries
#   make deps       installs what the build and the tests need (Debian, as root or by sudo)
#   make demo       burns a folder onto a virtual disc through a script under Wine
#   make check      check-rules, check-native and check-wine; ends with "N passed, N failed, N skipped"
#   make tools-table  what the tools of others say of our images, into the README
#   make bench      benchmarks, each beside its peer
#   make fuzz       SECONDS=n: the fuzzers, for n seconds each
#   make install    WINEPREFIX=...: into a prefix and registered; DESTDIR=/PREFIX=: for programmers

# Names of files are UTF-8 whatever the caller speaks: without it Wine and others take them for bytes.
export LC_ALL := C.UTF-8

B        := build
TARGETS  := i686 x86_64
DLLS     := imapi imapi2 imapi2fs
ROOMS    := base transport mmc emu burn fs
CC       := gcc
WIDL     := widl
WERROR   ?= -Werror
WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla $(WERROR)
C        := -std=c11 $(WARN) -Iinclude -Idlls -MMD -MP
CFLAGS   ?= -O2 -g
PREFIX   ?= /usr/local
VERSION  := $(shell sed -n 's/.*VERSION_TEXT "\(.*\)"/\1/p' include/openimapi/version.h)
WIDL_INC := $(firstword $(wildcard /usr/include/wine/wine/windows /usr/include/wine/windows))

imapi_rooms    := dlls/imapi dlls/com dlls/core/base
imapi2_rooms   := dlls/imapi2 dlls/com dlls/host $(addprefix dlls/core/,base transport mmc emu burn)
imapi2fs_rooms := dlls/imapi2fs dlls/com $(addprefix dlls/core/,base fs)
host_rooms     := dlls/host $(addprefix dlls/core/,base transport mmc emu)
kit_rooms      := wine-tests/kit dlls/com dlls/core/base
imapi_libs     := -lole32 -loleaut32 -ladvapi32 -luuid
imapi2_libs    := -lsetupapi $(imapi_libs)
imapi2fs_libs  := -lshlwapi $(imapi_libs)

# One short line for each thing made; V=1 shows the commands.
ifeq ($(V),)
Q       := @
SAY      = @echo "  $@";
else
SAY      =
endif

srcs    = $(wildcard $(addsuffix /*.c,$1))
headers := $(DLLS:%=$(B)/idl/%.h)
core    := $(call srcs,$(addprefix dlls/core/,$(ROOMS)))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all deps demo check check-rules check-native check-wine codes tools-table bench fuzz install uninstall clean \
        tests-native tests-wine tests-fuzz bridge

all: $(foreach t,$(TARGETS),$(foreach d,$(DLLS),$(B)/$t/$d.dll) $(B)/$t/libimapi-uuid.a)

# --- headers and GUIDs out of the IDL -------------------------------------------------------------------------
$(B)/idl/%.h: idl/%.idl
	@mkdir -p $(@D)
	$(SAY)$(WIDL) -I$(WIDL_INC) -Iidl -h -o $@ $<
$(B)/idl/%_i.c: idl/%.idl
	@mkdir -p $(@D)
	$(SAY)$(WIDL) -I$(WIDL_INC) -Iidl -u -o $@ $<
$(B)/idl/imapi2fs.h $(B)/idl/imapi2fs_i.c: idl/imapi2.idl

# --- one target: i686 or x86_64 -------------------------------------------------------------------------------
widl_i686   := --win32 -L$(firstword $(wildcard /usr/lib/i386-linux-gnu/wine/i386-windows /usr/lib/wine/i386-windows) .)
widl_x86_64 := --win64 -L$(firstword $(wildcard /usr/lib/x86_64-linux-gnu/wine/x86_64-windows) .)
link_i686   := -Wl,--enable-stdcall-fixup -Wl,--kill-at

define target
PE_$1 := $1-w64-mingw32-gcc $$(C) -fno-strict-aliasing $$(CFLAGS) -DUNICODE -D_UNICODE -DCOBJMACROS -D_WIN32_WINNT=0x0601 \
         -isystem $(B)/idl
$(B)/$1/%.o: %.c | $$(headers)
	@mkdir -p $$(@D)
	$$(SAY)$$(PE_$1) -c -o $$@ $$<
$(B)/$1/%_i.o: $(B)/idl/%_i.c
	@mkdir -p $$(@D)
	$$(SAY)$1-w64-mingw32-gcc -O2 -c -o $$@ $$<
$(B)/$1/libimapi-uuid.a: $$(DLLS:%=$(B)/$1/%_i.o)
	$$(Q)rm -f $$@
	$$(SAY)$1-w64-mingw32-ar rcs $$@ $$^
$(B)/$1/%.tlb: idl/%.idl $$(wildcard idl/*.idl)
	@mkdir -p $$(@D)
	$$(SAY)$$(WIDL) $$(widl_$1) -DIMAPI_TYPELIB -I$$(WIDL_INC) -Iidl -t -o $$@ $$<
$(B)/$1/%_messages.rc: dlls/%/messages.mc
	@mkdir -p $$(@D)/$$*
	$$(SAY)$1-w64-mingw32-windmc -b -C 65001 -h $$(@D)/$$* -r $$(@D)/$$* $$<
	$$(Q)sed 's,"messages_,"$$*/messages_,' $$(@D)/$$*/messages.rc > $$@

# Programs that run under Wine: every wine-tests/*.c is one and takes what it needs of helpers/; tools/ are client programs.
$(B)/$1/libhelpers.a: $$(patsubst %.c,$(B)/$1/%.o,$$(call srcs,wine-tests/helpers))
	$$(Q)rm -f $$@
	$$(SAY)$1-w64-mingw32-ar rcs $$@ $$^
$(B)/$1/wine-tests/%.exe: $(B)/$1/wine-tests/%.o $(B)/$1/libhelpers.a $(B)/$1/libimapi-uuid.a
	$$(SAY)$1-w64-mingw32-gcc -static-libgcc -o $$@ $$^ -lole32 -loleaut32 -luuid -lshlwapi -ladvapi32 -luser32
# Those named host_*, and those of the bridge, test what the DLLs hide: they have dlls/host and the core in themselves.
$(B)/$1/libhost.a: $$(patsubst %.c,$(B)/$1/%.o,$$(call srcs,$(host_rooms)))
	$$(Q)rm -f $$@
	$$(SAY)$1-w64-mingw32-ar rcs $$@ $$^
link_host_$1 = $1-w64-mingw32-gcc -static-libgcc -o $$@ $$^ -lsetupapi -lole32 -loleaut32 -luuid -lshlwapi -ladvapi32 -luser32
$(B)/$1/wine-tests/host_%.exe: $(B)/$1/wine-tests/host_%.o $(B)/$1/libhelpers.a $(B)/$1/libhost.a $(B)/$1/libimapi-uuid.a
	$$(link_host_$1)
$(B)/$1/wine-tests/bridge/%.exe: $(B)/$1/wine-tests/bridge/%.o $(B)/$1/libhelpers.a $(B)/$1/libhost.a $(B)/$1/libimapi-uuid.a
	$$(link_host_$1)
endef

define dll                              # $1 target, $2 DLL
$(B)/$1/$2.res: dlls/$2/$2.rc $(B)/$1/$2.tlb $(B)/$1/$2_messages.rc dlls/version.rc include/openimapi/version.h
	$$(SAY)$1-w64-mingw32-windres -I$(B)/$1 -Iinclude -O coff -o $$@ $$<
$(B)/$1/$2.dll: $(patsubst %.c,$(B)/$1/%.o,$(call srcs,$($2_rooms))) $(B)/$1/$2.res dlls/$2/$2.def $(B)/$1/libimapi-uuid.a
	$$(SAY)$1-w64-mingw32-gcc -shared -static-libgcc $(link_$1) -Wl,--out-implib,$(B)/$1/lib$2.dll.a -o $$@ $$^ $($2_libs)
endef

$(foreach t,$(TARGETS),$(eval $(call target,$t)))
$(foreach t,$(TARGETS),$(foreach d,$(DLLS),$(eval $(call dll,$t,$d))))

# The DLL whose classes test dlls/com. Its allocations can be made to fail; it is never installed.
kit_rooms := wine-tests/kit dlls/com dlls/core/base
kit_wraps := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
$(B)/idl/kit.h: wine-tests/kit/kit.idl
	@mkdir -p $(@D)
	$(SAY)$(WIDL) -I$(WIDL_INC) -h -o $@ $<
$(B)/idl/kit_i.c: wine-tests/kit/kit.idl
	@mkdir -p $(@D)
	$(SAY)$(WIDL) -I$(WIDL_INC) -u -o $@ $<

define kit                              # $1 target
$(patsubst %.c,$(B)/$1/%.o,$(call srcs,wine-tests/kit) $(wildcard wine-tests/com_*.c)): | $(B)/idl/kit.h
$(patsubst %.c,$(B)/$1/%.exe,$(wildcard wine-tests/com_*.c)): $(B)/$1/kit_i.o
$(B)/$1/kit.tlb: wine-tests/kit/kit.idl
	@mkdir -p $$(@D)
	$$(SAY)$$(WIDL) $$(widl_$1) -I$$(WIDL_INC) -t -o $$@ $$<
$(B)/$1/kit_messages.rc: wine-tests/kit/messages.mc
	@mkdir -p $$(@D)/kit
	$$(SAY)$1-w64-mingw32-windmc -b -C 65001 -h $$(@D)/kit -r $$(@D)/kit $$<
	$$(Q)sed 's,"messages_,"kit/messages_,' $$(@D)/kit/messages.rc > $$@
$(B)/$1/kit.res: wine-tests/kit/kit.rc $(B)/$1/kit.tlb $(B)/$1/kit_messages.rc
	$$(SAY)$1-w64-mingw32-windres -I$(B)/$1 -O coff -o $$@ $$<
$(B)/$1/kit.dll: $(patsubst %.c,$(B)/$1/%.o,$(call srcs,$(kit_rooms))) $(B)/$1/kit_i.o $(B)/$1/kit.res wine-tests/kit/kit.def
	$$(SAY)$1-w64-mingw32-gcc -shared -static-libgcc $(link_$1) $(kit_wraps) -o $$@ $$^ $(imapi_libs)
endef
$(foreach t,$(TARGETS),$(eval $(call kit,$t)))

# --- native: the core alone, once for tests (sanitized), once for speed ---------------------------------------
san_flags := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
opt_flags := -O2 -g -fPIC
# Tests that make allocations fail.
libs_test_fs_memory := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free
libs_test_fs_boot          := $(libs_test_fs_memory)
libs_test_fs_import_faults := $(libs_test_fs_memory)
libs_test_fs_read_udf_faults := $(libs_test_fs_memory)

define native                           # $1 san or opt
$(B)/$1/%.o: %.c
	@mkdir -p $$(@D)
	$$(SAY)$$(CC) $$(C) $$($1_flags) -Itests -c -o $$@ $$<
$(B)/$1/libcore.a: $(core:%.c=$(B)/$1/%.o)
	$$(Q)rm -f $$@
	$$(SAY)ar rcs $$@ $$^
$(B)/$1/libhelpers.a: $$(patsubst %.c,$(B)/$1/%.o,$$(call srcs,tests/helpers))
	$$(Q)rm -f $$@
	$$(SAY)ar rcs $$@ $$^
$(B)/$1/tests/%: $(B)/$1/tests/%.o $(B)/$1/libhelpers.a $(B)/$1/libcore.a
	$$(SAY)$$(CC) $$($1_flags) -o $$@ $$^ -lcmocka $$(libs_$$*)
endef
libs_test_fs_tools := -ludfread
$(foreach f,san opt,$(eval $(call native,$f)))

# --- fuzzers: the core once more, by clang; without one that can do it they are skipped ---------------------------
fuzzers    := $(patsubst tests/%.c,%,$(wildcard tests/fuzz_*.c))
fuzz_flags := -O1 -g -Wno-missing-field-initializers -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SECONDS    ?= 60
fuzz_objects := $(patsubst %.c,$(B)/fuzz/%.o,$(wildcard tests/helpers/fuzz_*.c) $(core))
$(B)/fuzz/%.o: %.c
	@mkdir -p $(@D)
	$(SAY)clang $(C) $(fuzz_flags) -fsanitize=fuzzer-no-link -Itests -c -o $@ $<
$(B)/fuzz/tests/fuzz_%: $(B)/fuzz/tests/fuzz_%.o $(fuzz_objects)
	$(SAY)clang $(fuzz_flags) -fsanitize=fuzzer -o $@ $^
tests-fuzz:
	$(Q)if tests/fuzz --works; then $(MAKE) --no-print-directory $(fuzzers:%=$(B)/fuzz/tests/%); \
	    else rm -f $(fuzzers:%=$(B)/fuzz/tests/%); echo "WITHOUT clang -fsanitize=fuzzer: THE FUZZERS ARE SKIPPED"; fi

# --- the SG_IO bridge: the core as a native library for LD_PRELOAD, for Wine of both bitnesses -------------------
bridge_hosts := x86_64-linux-gnu i386-linux-gnu
bridge_i386-linux-gnu := -m32 -I/usr/include/x86_64-linux-gnu
bridge_sources := wine-tests/bridge/sg_io.c tests/helpers/store_posix.c $(call srcs,$(addprefix dlls/core/,base transport emu))

define bridge                           # $1 as $LIB of the dynamic linker names it
$(B)/bridge/lib/$1/%.o: %.c
	@mkdir -p $$(@D)
	$$(SAY)$$(CC) $$(C) -O2 -g -fPIC -fvisibility=hidden $(bridge_$1) -Itests -c -o $$@ $$<
$(B)/bridge/lib/$1/sg_io.so: $(bridge_sources:%.c=$(B)/bridge/lib/$1/%.o)
	$$(SAY)$$(CC) -shared $(bridge_$1) -o $$@ $$^ -ldl -pthread
endef
$(foreach h,$(bridge_hosts),$(eval $(call bridge,$h)))
bridge: $(bridge_hosts:%=$(B)/bridge/lib/%/sg_io.so)

# For native burners: the bridge of this machine, and a device node in front of it.
native_bridge := $(B)/bridge/lib/$(firstword $(bridge_hosts))
$(native_bridge)/node.so: $(native_bridge)/tests/tools/node.o
	$(SAY)$(CC) -shared -o $@ $^ -ldl

# --- checks ---------------------------------------------------------------------------------------------------
native_tests := $(patsubst tests/%.c,$(B)/san/tests/%,$(wildcard tests/test_*.c))
wine_tests   = $(patsubst wine-tests/%.c,$(B)/$1/wine-tests/%.exe,$(wildcard wine-tests/*.c wine-tests/hostile/*.c))

tests-native: $(native_tests) $(addprefix $(B)/san/tests/tools/,mkimage lsimage burn) \
              $(addprefix $(native_bridge)/,node.so sg_io.so)
tests-wine: all bridge $(foreach t,$(TARGETS),$(B)/$t/kit.dll $(call wine_tests,$t) $(B)/$t/wine-tests/bridge/probe.exe)

deps:
	.ci/deps
check:
	.ci/deps --missing
	.ci/check
check-rules: all
	tests/rules $(B)
check-native: tests-native tests-fuzz
	tests/run $(B) native $(native_tests) $$(tests/fuzz --wrap $(B) 60 $(fuzzers))
check-wine: tests-wine
	wine-tests/run $(B) $(TARGETS)

codes: check-wine
	wine-tests/codes $(B) README.md
tools-table: $(B)/san/tests/test_fs_tools
	tests/tools-table $(B) README.md
bench: all $(addprefix $(B)/opt/tests/tools/,mkimage lsimage maketree burn) \
       $(addprefix $(B)/x86_64/wine-tests/tools/,bare.exe image.exe burn.exe)
	tests/bench $(B)

fuzz: tests-fuzz
	tests/fuzz $(B) $(SECONDS) $(fuzzers)

# --- for people -----------------------------------------------------------------------------------------------
demo:
	.ci/deps --missing
	$(MAKE) --no-print-directory -j2 all
	wine-tests/demo $(B)
install: all
ifneq ($(WINEPREFIX),)
	wine-tests/install $(B)
else
	install -d $(DESTDIR)$(PREFIX)/include/openimapi
	install -m 644 $(wildcard include/*.h) $(headers) idl/*.idl $(DESTDIR)$(PREFIX)/include/openimapi
	for t in $(TARGETS); do \
	    d=$(DESTDIR)$(PREFIX)/$$t-w64-mingw32 && install -d $$d/lib/pkgconfig $$d/bin && \
	    install -m 644 $(DLLS:%=$(B)/$$t/%.dll) $$d/bin && \
	    install -m 644 $(B)/$$t/libimapi-uuid.a $(DLLS:%=$(B)/$$t/lib%.dll.a) $$d/lib && \
	    sed 's|@prefix@|$(PREFIX)|; s|@target@|'$$t'-w64-mingw32|; s|@version@|$(VERSION)|' idl/openimapi.pc.in \
	        > $$d/lib/pkgconfig/openimapi.pc || exit 1; \
	done
endif
uninstall:
ifneq ($(WINEPREFIX),)
	wine-tests/install $(B) -u
else
	rm -rf $(DESTDIR)$(PREFIX)/include/openimapi
	for t in $(TARGETS); do \
	    d=$(DESTDIR)$(PREFIX)/$$t-w64-mingw32 && rm -f $$d/lib/pkgconfig/openimapi.pc $$d/lib/libimapi-uuid.a \
	        $(foreach d,$(DLLS),$$d/bin/$d.dll $$d/lib/lib$d.dll.a) || exit 1; \
	done
endif
clean:
	rm -rf $(B)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
